"""XML from outside: no document type, no entities, no network, bounded depth and fields."""

from datetime import date

from lxml import etree

from balabaqsha.gateways.channel import Nonsense

LONGEST_FIELD = 500


def parse(content: bytes) -> etree._Element:
    """The root of the document. Raises Nonsense where it is no plain XML or brings a document type."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise Nonsense("not XML") from None
    information = root.getroottree().docinfo
    if information.doctype or information.internalDTD is not None:
        raise Nonsense("XML with a document type")
    return root


def local_name(element: etree._Element) -> str:
    """The name without its namespace; comments and instructions have none."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def child(parent: etree._Element, name: str) -> etree._Element | None:
    """The only child of this local name, or None. Raises Nonsense where there are several.

    Systems behind the gateway choose their own prefixes and namespaces for the same element.
    """
    found = children(parent, name)
    if len(found) > 1:
        raise Nonsense(f"several {name}")
    return found[0] if found else None


def children(parent: etree._Element, name: str) -> list[etree._Element]:
    """All children of this local name, in their order."""
    return [element for element in parent if local_name(element) == name]


def must(parent: etree._Element, *path: str) -> etree._Element:
    """The element at the end of the path of local names. Raises Nonsense where it is missing or doubled."""
    element = parent
    for name in path:
        found = child(element, name)
        if found is None:
            raise Nonsense(f"no {name}")
        element = found
    return element


def text(parent: etree._Element, name: str) -> str:
    """The trimmed text of the child, "" where it is missing. Raises Nonsense for a text no field can hold."""
    element = child(parent, name)
    if element is None:
        return ""
    if len(element):
        raise Nonsense(f"{name} holds elements")
    value = " ".join((element.text or "").split())
    if len(value) > LONGEST_FIELD:
        raise Nonsense(f"{name} too long")
    return value


def must_text(parent: etree._Element, name: str) -> str:
    """The text of the child. Raises Nonsense where it is missing or empty."""
    value = text(parent, name)
    if not value:
        raise Nonsense(f"no {name}")
    return value


def must_date(parent: etree._Element, name: str) -> date:
    """The day in the child: YYYY-MM-DD, with or without a zone behind it. Raises Nonsense."""
    value = must_text(parent, name)
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        raise Nonsense(f"{name} is no date") from None


def must_flag(parent: etree._Element, name: str) -> bool:
    """Whether the child says true and not false. Raises Nonsense for any other word."""
    value = must_text(parent, name)
    if value not in {"true", "false"}:
        raise Nonsense(f"{name} is neither true nor false")
    return value == "true"
