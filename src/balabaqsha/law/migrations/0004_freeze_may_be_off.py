"""A territory may do without the yearly freeze: the constraint knows one more term."""

from django.db import migrations, models

_BEFORE = [
    "benefit.proof_check",
    "bulletin.hour",
    "certificate.validity",
    "contract.least_time_with_family",
    "contract.with_kindergarten",
    "free_choice.collect",
    "free_choice.mode",
    "login.code_life",
    "login.code_resend_after",
    "private_place.min_age",
    "referral.extension_max",
    "referral.give_back",
    "referral.misses_to_remove",
    "referral.papers_time",
    "referral.pause_after_give_back",
    "referral.validity",
    "stop_list.length",
    "turn.choose",
    "turn.min_age",
    "voucher.choose_and_sign",
    "voucher.confirm",
    "voucher.extension",
    "voucher.min_age",
    "voucher.restore_within",
    "waiting_list.answer",
]
_NOW = sorted([*_BEFORE, "line.freeze"])


class Migration(migrations.Migration):
    dependencies = [("law", "0003_bulletin_hour")]

    operations = [
        migrations.RemoveConstraint("territorialterm", "territorial_term_overridable"),
        migrations.AlterField(
            "territorialterm", "code", models.CharField(max_length=64, choices=[(code, code) for code in _NOW])
        ),
        migrations.AddConstraint(
            "territorialterm",
            models.CheckConstraint(condition=models.Q(code__in=_NOW), name="territorial_term_overridable"),
        ),
    ]
