"""Let a territory set the hour of its bulletin of free places."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("law", "0002_calendar"),
        ("territories", "0002_seed"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="territorialterm",
            name="territorial_term_overridable",
        ),
        migrations.AlterField(
            model_name="territorialterm",
            name="code",
            field=models.CharField(
                choices=[
                    ("benefit.proof_check", "benefit.proof_check"),
                    ("bulletin.hour", "bulletin.hour"),
                    ("certificate.validity", "certificate.validity"),
                    ("contract.least_time_with_family", "contract.least_time_with_family"),
                    ("contract.with_kindergarten", "contract.with_kindergarten"),
                    ("free_choice.collect", "free_choice.collect"),
                    ("free_choice.mode", "free_choice.mode"),
                    ("login.code_life", "login.code_life"),
                    ("login.code_resend_after", "login.code_resend_after"),
                    ("private_place.min_age", "private_place.min_age"),
                    ("referral.extension_max", "referral.extension_max"),
                    ("referral.give_back", "referral.give_back"),
                    ("referral.misses_to_remove", "referral.misses_to_remove"),
                    ("referral.papers_time", "referral.papers_time"),
                    ("referral.pause_after_give_back", "referral.pause_after_give_back"),
                    ("referral.validity", "referral.validity"),
                    ("stop_list.length", "stop_list.length"),
                    ("turn.choose", "turn.choose"),
                    ("turn.min_age", "turn.min_age"),
                    ("voucher.choose_and_sign", "voucher.choose_and_sign"),
                    ("voucher.confirm", "voucher.confirm"),
                    ("voucher.extension", "voucher.extension"),
                    ("voucher.min_age", "voucher.min_age"),
                    ("voucher.restore_within", "voucher.restore_within"),
                    ("waiting_list.answer", "waiting_list.answer"),
                ],
                max_length=64,
            ),
        ),
        migrations.AddConstraint(
            model_name="territorialterm",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "code__in",
                        [
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
                        ],
                    )
                ),
                name="territorial_term_overridable",
            ),
        ),
    ]
