"""The register of the keys with which reviewers sign."""

from django.db import models

from imr.web.models.people import PersonRow


class SigningKeyRow(models.Model):
    """An entry of the register of signing keys: a key was registered, confirmed, or ended. Append-only; anchors name its digest."""

    number = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, help_text="What happened, a store.signing_keys.KeyEvent.")
    key = models.CharField(max_length=64, db_index=True, help_text="The SHA-256 of the public key.")
    reviewer = models.CharField(max_length=40, db_index=True, help_text="The reviewer's id on the panel.")
    salt = models.CharField(max_length=32, help_text="What hides the reviewer in the digest that outsiders get.")
    person = models.ForeignKey(PersonRow, null=True, on_delete=models.PROTECT, help_text="Who did it.")
    credential = models.CharField(max_length=1400, blank=True, help_text="The id of the passkey, in base64url.")
    public_key = models.TextField(blank=True, help_text="SubjectPublicKeyInfo in hex.")
    site = models.CharField(max_length=255, blank=True, help_text="The host name for which the passkey was made.")
    proof = models.TextField(blank=True, help_text="What the passkey signed when it was registered, with its answer.")
    valid_from = models.DateTimeField(null=True, help_text="From when a confirmed key signs.")
    reason = models.CharField(max_length=200, blank=True, help_text="Why a key ended.")

    class Meta:
        verbose_name = "entry of the register of signing keys"
        verbose_name_plural = "register of signing keys"

    def __str__(self) -> str:
        return f"{self.kind} {self.key[:12]}"
