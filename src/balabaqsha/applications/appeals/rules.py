"""What may be contested, and where a family stands again when it was right. Pure."""

# What ended something for a family without its own wish. Who gave up or withdrew has nothing to contest.
CONTESTABLE = (
    "lapse_offer",
    "lapse_offer_again",
    "lapse_restoring",
    "lapse_voucher",
    "lapse_turn",
    "lapse_referral",
    "lapse_referral_again",
    "reject_documents",
    "remove",
)
# These counted a missed referral.
COUNTED_A_MISS = frozenset({"lapse_referral", "lapse_referral_again"})
