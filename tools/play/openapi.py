"""The OpenAPI document as data."""


def resolve(document, thing):
    """The thing itself, where a part of the document only refers to it."""
    while "$ref" in thing:
        found = document
        for name in thing["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        thing = found
    return thing
