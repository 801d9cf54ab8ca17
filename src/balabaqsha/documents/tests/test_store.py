import hashlib
import stat

import pytest

from balabaqsha.documents import store

CONTENT = b"kept byte for byte"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class TestPut:
    def test_names_the_file_by_its_digest(self, files_root):
        assert store.put(CONTENT) == SHA256
        assert (files_root / SHA256[:2] / SHA256[2:4] / SHA256).read_bytes() == CONTENT

    def test_stores_the_same_content_once(self, files_root):
        store.put(CONTENT)
        before = (files_root / SHA256[:2] / SHA256[2:4] / SHA256).stat()

        store.put(CONTENT)

        kept = [path for path in files_root.rglob("*") if path.is_file()]
        assert len(kept) == 1
        assert kept[0].stat().st_ino == before.st_ino

    def test_keeps_others_of_the_machine_out(self, files_root):
        store.put(CONTENT)

        assert stat.S_IMODE(next(path for path in files_root.rglob(SHA256)).stat().st_mode) == 0o600

    def test_leaves_nothing_behind_when_the_disk_fails(self, files_root, monkeypatch):
        def full(descriptor):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(store.os, "fsync", full)

        with pytest.raises(OSError, match="No space"):
            store.put(CONTENT)
        assert not [path for path in files_root.rglob("*") if path.is_file()]


class TestOpen:
    def test_gives_the_content_back(self):
        store.put(CONTENT)

        with store.open(SHA256) as file:
            assert file.read() == CONTENT

    def test_says_which_file_is_missing(self):
        with pytest.raises(store.FileMissing, match=SHA256):
            store.open(SHA256)

    @pytest.mark.parametrize("name", ["../../etc/passwd", SHA256.upper(), SHA256[:63], ""])
    def test_takes_nothing_but_a_digest(self, name):
        with pytest.raises(ValueError, match="64 hexadecimal"):
            store.open(name)


class TestRead:
    def test_notices_changed_bytes(self, files_root):
        store.put(CONTENT)
        next(files_root.rglob(SHA256)).write_bytes(b"changed on the disk")

        with pytest.raises(store.FileDamaged, match=SHA256):
            store.read(SHA256)
