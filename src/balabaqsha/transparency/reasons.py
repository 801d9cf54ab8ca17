"""From which closed list the reason of an act is taken, whoever reads it: the family, an officer, everybody."""

# The act as the journal names it -> the vocabulary of its reason; its words are the text `<vocabulary>.<reason>`.
VOCABULARY = {
    "bring_back": "authority-error",
    "contacts-opened": "contact-reason",
    "correct_date": "correction-reason",
    "correct_name": "correction-reason",
    "correct_wish": "correction-reason",
    "decide_appeal": "appeal-reason",
    "extend_referral": "extension",
    "kindergarten-closed": "closing",
    "kindergarten_closes": "closing",
    "leave": "leaving",
    "lengthen": "lengthening",
    "recall": "recall",
    "refuse_contract": "refusal-ground",
    "reject_documents": "case-rejection",
    "remove": "removal",
    "return_papers": "return",
    "review_extension": "extension-withdrawal",
    "unlink_application": "link-end",
}
