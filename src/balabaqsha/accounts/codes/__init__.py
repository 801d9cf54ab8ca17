"""Signing in by a code: asked for by any name, sent to the telephone of the account, if there is one."""
