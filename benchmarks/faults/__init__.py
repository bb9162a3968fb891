"""Faults made on purpose: commands killed, readers beside a writer, a soak of it all together."""
