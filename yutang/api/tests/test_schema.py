"""The published schema says of every shape what it is, once."""

import ast
from collections import Counter
from pathlib import Path


def test_no_two_shapes_share_a_name() -> None:
    """The schema lists shapes by name alone: of two, clients would see one in both places."""
    folder = Path(__file__).parents[1]
    names = Counter(
        node.name
        for path in folder.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    )
    assert {name: times for name, times in names.items() if times > 1} == {}
