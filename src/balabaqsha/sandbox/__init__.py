"""State systems that answer over real HTTP and SMTP, with a made-up population. A process of its own.

Nobody imports it; `python -m balabaqsha.sandbox` starts it. Its pages show the telephones' messages and let
each system be slow, down, wrong or silent.
"""
