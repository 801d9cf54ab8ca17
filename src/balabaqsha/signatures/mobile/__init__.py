"""Signing on the telephone: eGov Mobile reads a QR code, fetches what is to be signed and brings the signature back."""
