"""The files that go to the bank and come back, and whether they agree to the cent. Pure."""
