"""For the pages: how a file comes in over HTTP without harm, and how one goes out.

`BoundedUploadHandler` is named in the settings, so it guards every form. It judges by Content-Length before
the body is read, and by the bytes that come after that. What is too big is let go by, piece by piece, never
held in memory or on disk: a browser that is cut off in the middle shows an error page of its own, while after
the last byte it shows ours, with the answer beside the field and everything typed still there.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import FileResponse, HttpRequest
from django.utils.http import content_disposition_header

from balabaqsha.documents import rules

# All papers of one contract in one form; more than this is no form of ours.
REQUEST_BYTES = 8 * rules.PAPER_BYTES
# Nobody sends this much by mistake: such a sender is cut off.
_CUT_OFF_BYTES = 1024 * rules.MEGABYTE
_TOO_BIG = "_documents_too_big"
_WHOLE_REQUEST = "*"

# Nothing in a file may run, load or submit anything, whatever it turns out to be.
_POLICY = "default-src 'none'; sandbox"
# A browser shows no PDF inside a sandbox; its viewer is apart from the page anyhow.
_POLICY_OF_A_SHOWN_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


@dataclass(frozen=True)
class Received:
    """A file as it came: the name that the sender gave is not to be trusted."""

    name: str
    content: bytes


class BoundedUploadHandler(FileUploadHandler):
    """Takes files into memory up to the limit of their field; lets go by what is bigger and notes its size."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001, N803 - Django's signature
        """Judge the whole request by its length before any of it is read."""
        self._request_length = content_length or 0
        if self._request_length > REQUEST_BYTES:
            _note_too_big(self.request, _WHOLE_REQUEST, self._request_length)

    def new_file(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN002, ANN003 - Django's signature
        """Begin a file, or let it go by where the request is too big as a whole."""
        super().new_file(*args, **kwargs)
        if self._request_length > _CUT_OFF_BYTES:
            raise StopUpload(connection_reset=True)
        if self._request_length > REQUEST_BYTES:
            raise SkipFile
        self._limit = rules.limit_of_field(self.field_name)
        self._pieces = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Take a piece, or give the file up as soon as it passes its limit."""
        if start + len(raw_data) > self._limit:
            self._pieces = BytesIO()
            _note_too_big(self.request, self.field_name, max(self._request_length, start + len(raw_data)))
            raise SkipFile
        self._pieces.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The whole file, held in memory."""
        self._pieces.seek(0)
        return InMemoryUploadedFile(
            self._pieces,
            self.field_name,
            self.file_name,
            self.content_type,
            file_size,
            self.charset,
            self.content_type_extra,
        )


def received(request: HttpRequest, field: str) -> Received | None:
    """The file sent in this form field, None where none was chosen. Raises FileTooBig."""
    file = request.FILES.get(field)
    too_big = getattr(request, _TOO_BIG, {})
    size = too_big.get(field) or too_big.get(_WHOLE_REQUEST)
    if size:
        raise rules.too_big(size=size, limit=rules.limit_of_field(field))
    if not isinstance(file, UploadedFile):
        return None
    return Received(name=file.name or "", content=file.read())


def response(*, opened: BinaryIO, media_type: str, name: str, inline: bool = False) -> FileResponse:
    """The answer that gives a file out: never guessed at, never run, never cached by others.

    The caller has asked its policy first. `inline` shows the file in the browser instead of saving it.
    """
    answer = FileResponse(opened, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=not inline, filename=name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = _POLICY_OF_A_SHOWN_PDF if inline and media_type == rules.PDF else _POLICY
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _note_too_big(request: HttpRequest, field: str, size: int) -> None:
    noted = getattr(request, _TOO_BIG, {})
    setattr(request, _TOO_BIG, {**noted, field: size})
