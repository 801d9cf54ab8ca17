"""What has to be made before the portal can serve: compiled texts and collected static files. Made anew only when needed."""

import hashlib
from pathlib import Path


def compile_texts() -> None:
    """Compile the three catalogues where their sources are younger."""
    from balabaqsha.locale import compiled

    compiled.compile_catalogues()


def collect_static() -> None:
    """Collect, hash and compress the static files, unless they are as they were at the last time."""
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".collected-from"
    now = _state_of_sources()
    if mark.exists() and mark.read_text(encoding="ascii") == now:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    mark.write_text(now, encoding="ascii")


def _state_of_sources() -> str:
    from django.contrib.staticfiles import finders

    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
