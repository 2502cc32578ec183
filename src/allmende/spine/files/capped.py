"""Receiving uploads: what is too large for every kind is counted, not kept, so that nobody fills the disk with one
request."""

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from .core.kinds import largest


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Django's handler for larger files. Above the largest size of any kind the file comes empty, with the size that
    was sent: the form field then says how large it was and how large it may be."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        # Some callers count before, some after the chunk: one chunk more or less does not matter.
        if start > largest():
            if self.file.tell():
                self.file.seek(0)
                self.file.truncate()
            return
        super().receive_data_chunk(raw_data, start)
