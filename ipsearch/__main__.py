"""`python -m ipsearch` is `ipsearch`."""

from ipsearch.cli.start import main

if __name__ == "__main__":
    main()
