"""`python -m ipsearch` is `ipsearch`."""

from ipsearch.cli.main import main

if __name__ == "__main__":
    main()
