"""The benchmarks: made-up patents of any number, and what ipsearch does with them."""
