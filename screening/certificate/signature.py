"""An electronic signature on a certificate (电子签名), PAdES by pyHanko (shell).

PAdES baseline B-B (ETSI EN 319 142-1) with SHA-256 and the bureau's own key. Its
validity in law (《电子签名法》, a reliable signature from a licensed certification
service) rests on the key the bureau configures, not on this program.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

FIELD = "JingtuSignature"
"""Name of the signature field in the file."""


class UnusableSigningKey(Exception):
    """The key file cannot be read, or not with that password."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with one key; `name` is the subject of its certificate."""

    name: str
    key: signers.SimpleSigner

    def sign(self, document: bytes, *, reason: str) -> bytes:
        """Return the PDF with a signature over all of it appended."""
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            name=self.name,
            reason=reason,
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(document))
        signed = signers.sign_pdf(writer, metadata, signer=self.key)
        return bytes(signed.getvalue())


def read_signer(file: Path, password: str | None) -> Signer:
    """Return the signer of a PKCS #12 file (.p12, .pfx) with key and certificate.

    Raises
    ------
    UnusableSigningKey
        If the file is missing, damaged, or not opened by the password.
    """
    if not file.is_file():
        raise UnusableSigningKey(f"There is no signing key at {file}.")
    passphrase = None if password is None else password.encode()
    load = signers.SimpleSigner.load_pkcs12
    key = load(str(file), passphrase=passphrase)  # type: ignore[no-untyped-call]
    if key is None or key.signing_cert is None:
        raise UnusableSigningKey(
            f"The signing key {file} cannot be opened: not PKCS #12 with a private"
            " key and its certificate, or the password is another."
        )
    return Signer(key.signing_cert.subject.human_friendly, key)
