"""DMN 1.1–1.5 from XML. Only what decides is read: diagrams and extension elements are not.

Elements are found by their local names, since the five versions differ in nothing else that matters here.
"""

from __future__ import annotations

import re

from lxml import etree

from allmende.process.core import xml

from .boxes import Boxes
from .errors import DmnError
from .markup import attribute, child, children
from .model import Element, Model, Parameter, Required, Type
from .types import Types

VERSIONS = re.compile(
    r"https?://www\.omg\.org/spec/DMN/(20151101/dmn\.xsd|20151130|20180521/MODEL/|20191111/MODEL/|20211108/MODEL/"
    r"|20230324/MODEL/|2024\d{4}/MODEL/)"
)


def parse(data: bytes) -> Model:
    """The model of a DMN file. Raises xml.Unreadable, or DmnError "not_dmn", "duplicate", "reference"."""
    root = xml.read(data)
    name = etree.QName(root)
    if name.localname != "definitions" or not VERSIONS.match(name.namespace or ""):
        raise DmnError("not_dmn", f"the root element is {root.tag}, not definitions of DMN 1.1 to 1.5")
    return _Reader(root).model()


class _Reader:
    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.namespace = attribute(root, "namespace")
        self.imports = {
            attribute(one, "name"): attribute(one, "namespace")
            for one in children(root, "import")
            if attribute(one, "namespace")
        }
        self.types = Types(root)
        self.boxes = Boxes(self.types, attribute(root, "expressionLanguage"))

    def model(self) -> Model:
        elements: dict[str, Element] = {}
        readers = {
            "inputData": self._input,
            "decision": self._decision,
            "businessKnowledgeModel": self._knowledge,
            "decisionService": self._service,
        }
        for node in self.root:
            reader = readers.get(etree.QName(node).localname) if isinstance(node.tag, str) else None
            if reader is None:
                continue
            element = reader(node)
            if element.id in elements:
                raise DmnError("duplicate", f"the id {element.id} is there twice", element.name)
            elements[element.id] = element
        return Model(self.namespace, attribute(self.root, "name"), elements, self.types.all(), self.imports)

    def _names(self, node: etree._Element) -> tuple[str, str, Type | None]:
        """Id, name and type; the variable says the type."""
        name = attribute(node, "name")
        variable = child(node, "variable")
        declared = variable if variable is not None else node
        return attribute(node, "id") or name, name, self.types.of(attribute(declared, "typeRef"))

    def _key(self, href: str, name: str) -> Required:
        namespace, mark, identifier = href.rpartition("#")
        if not mark:
            raise DmnError("reference", f"no reference to an element: {href}", name)
        if namespace in ("", self.namespace):
            return Required(f"{self.namespace}#{identifier}", None)
        alias = next((alias for alias, there in self.imports.items() if there == namespace), None)
        if alias is None:
            raise DmnError("reference", f"the model {namespace} is not imported", name)
        return Required(f"{namespace}#{identifier}", alias or None)

    def _requires(self, node: etree._Element, name: str) -> list[Required]:
        wanted = []
        for kind in ("informationRequirement", "knowledgeRequirement"):
            for requirement in children(node, kind):
                for one in requirement:
                    if isinstance(one.tag, str) and (href := attribute(one, "href")):
                        wanted.append(self._key(href, name))
        return wanted

    def _input(self, node: etree._Element) -> Element:
        identifier, name, type_ = self._names(node)
        return Element("input", identifier, name, type_)

    def _decision(self, node: etree._Element) -> Element:
        identifier, name, type_ = self._names(node)
        return Element(
            "decision", identifier, name, type_, self._requires(node, name), self.boxes.inside(node)
        )  # fmt: skip

    def _knowledge(self, node: etree._Element) -> Element:
        identifier, name, type_ = self._names(node)
        logic = child(node, "encapsulatedLogic")
        params: list[Parameter] = []
        body, language = None, "FEEL"
        if logic is not None:
            function = self.boxes.function(logic)
            params, body, language = function.params, function.body, function.language
            type_ = self.types.of(attribute(logic, "typeRef")) or type_
        return Element(
            "knowledge", identifier, name, type_, self._requires(node, name), body, params, language
        )  # fmt: skip

    def _service(self, node: etree._Element) -> Element:
        identifier, name, type_ = self._names(node)

        def keys(kind: str) -> list[str]:
            return [self._key(attribute(one, "href"), name).key for one in children(node, kind)]

        return Element(
            "service",
            identifier,
            name,
            type_,
            outputs=keys("outputDecision"),
            inputs=keys("inputData"),
            inputDecisions=keys("inputDecision"),
        )
