"""The service that tells how a certificate stands now (OCSP)."""
