"""The signer's bundle in the static files is that of its sources."""

import hashlib
import re
from pathlib import Path

from balabaqsha.web import kit

KIT = Path(kit.__file__).parent
SIGNER, BUNDLE = KIT / "signer", KIT / "static" / "sign"


class TestBundle:
    def test_was_made_from_the_sources_as_they_stand(self):
        digest = hashlib.sha256()
        for path in (SIGNER / "build.mjs", SIGNER / "package-lock.json", *sorted((SIGNER / "src").iterdir())):
            digest.update(path.read_bytes())

        assert (BUNDLE / "SOURCES.sha256").read_text().strip() == digest.hexdigest()

    def test_every_status_that_the_script_may_name_has_its_words_in_the_panel(self):
        scripts = "".join(path.read_text() for path in (SIGNER / "src").glob("*.js"))
        named = set(re.findall(r'(?:Problem\(|say\()"([a-z-]+)"', scripts)) | {
            "wrong-password",
            "file-unreadable",
            "failed",
        }
        panel = (KIT / "templates" / "ui" / "sign_panel.html").read_text()

        assert named == set(re.findall(r"data-text-([a-z-]+)=", panel))

    def test_the_lock_names_no_addresses(self):
        assert '"resolved"' not in (SIGNER / "package-lock.json").read_text()
