"""Rehearsals: a story in, what becomes of everybody out, played through the real actions in a scratch database."""
