"""The addresses of parts of the site, each in a file of its own."""
