"""Packages of records between platforms: manifest, files, signature, receipt. Pure."""
