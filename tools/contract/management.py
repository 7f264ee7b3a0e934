"""The contract of the management plane (Microsoft.Batch), from the published files."""
import json

from contract.facts import Facts, last

# Of the first shape no file is kept: it is 2020-09-01's but for applications (see FIRST_MODELS).
SHAPES = ["2017-09-01", "2020-09-01", "2022-10-01", "2023-11-01", "2024-02-01", "2024-07-01", "2025-06-01"]
VERSIONS = {
    "2017-09-01": 0, "2018-12-01": 1, "2019-04-01": 1, "2019-08-01": 1, "2020-03-01": 1, "2020-05-01": 1, "2020-09-01": 1,
    "2021-01-01": 1, "2021-06-01": 1, "2022-01-01": 1, "2022-06-01": 1, "2022-10-01": 2, "2023-05-01": 2, "2023-11-01": 3,
    "2024-02-01": 4, "2024-07-01": 5, "2025-06-01": 6,
}
CERTIFICATES = ["Certificate_CancelDeletion", "Certificate_Create", "Certificate_Delete", "Certificate_Get",
                "Certificate_ListByBatchAccount", "Certificate_Update"]
# Applications were no resources with `properties` then.
FIRST_MODELS = {
    "FirstApplication": {"id": "string", "displayName": "string", "packages": "[FirstApplicationPackage]", "allowUpdates": "boolean",
                         "defaultVersion": "string"},
    "FirstApplicationPackage": {"id": "string", "version": "string", "state": "PackageState", "format": "string", "storageUrl": "string",
                                "storageUrlExpiry": "datetime", "lastActivationTime": "datetime"},
    "FirstListApplicationsResult": {"value": "[FirstApplication]", "nextLink": "string"},
}
FIRST_READ_ONLY = {"id", "packages", "version", "state", "storageUrl", "storageUrlExpiry", "lastActivationTime"}
SCALARS = {"StringType": "string", "IntegerType": "int32", "BooleanType": "boolean", "AnyType": "object"}
REQUIRED, READ_ONLY = 1, 2  # flags of a member in the type files


def imported(source):
    facts = Facts(SHAPES, VERSIONS)
    base = source / "specification/batch/resource-manager/Microsoft.Batch/stable"
    for shape in SHAPES[1:-1]:
        bit = facts.bit_of(shape)
        documents = {path.name: json.loads(path.read_text()) for path in sorted((base / shape).glob("*.json"))}
        parameters = {}
        for document in documents.values():
            parameters.update(document.get("parameters", {}))
        for document in documents.values():
            facts.import_definitions(document.get("definitions", {}) | common_definitions(source, document), bit)
            facts.import_operations(document["paths"], parameters, bit)
    make_first(facts)
    make_last(facts, json.loads((source / "bicep-types/microsoft.batch-2025-06-01.types.json").read_text()))
    return facts.finished()


def common_definitions(source, document):
    """What a file takes from the types that all providers share, by the perimeters alone: they have no definitions of their own."""
    if document.get("definitions"):
        return {}
    folder = source / "specification/common-types/resource-management/v5"
    return {name: schema for file in ("types.json", "networksecurityperimeter.json")
            for name, schema in json.loads((folder / file).read_text())["definitions"].items()
            if file != "types.json" or name in ("ProxyResource", "Resource", "systemData")}


def make_first(facts):
    facts.copy_shape("2020-09-01", "2017-09-01")
    bit = facts.bit_of("2017-09-01")
    for model, members in FIRST_MODELS.items():
        for member, kind in members.items():
            facts.note_member(model, member, kind, bit, read_only=member in FIRST_READ_ONLY)
    names = [name for name in facts.spec["operations"] if name.startswith(("PrivateEndpoint", "PrivateLink"))]
    facts.remove_operations(names, bit)


# ---- 2025-06-01, of which the types of resources are kept --------------------------------------------------------------------------

def make_last(facts, types):
    facts.copy_shape("2024-07-01", "2025-06-01")
    facts.remove_operations(CERTIFICATES, facts.bit_of("2025-06-01"))
    for entry in types:
        if entry["$type"] == "ObjectType" and "/" not in entry["name"]:
            for name in model_names(entry["name"], facts):
                take_members(facts, name, entry["properties"], types)


def model_names(name, facts):
    """Create and read have one type there, named after both; spellings differ."""
    known = {model.lower(): model for model in facts.spec["models"]}
    return [known.get(part.lower(), part) for part in name.split("Or") if part]


def take_members(facts, model, properties, types):
    bit = facts.bit_of("2025-06-01")
    for member in list(facts.spec["models"].get(model, {})):
        if member not in properties:
            facts.remove_member(model, member, bit)
    for member, entry in properties.items():
        known = facts.spec["models"].get(model, {}).get(member)
        if known is not None and known["in"] & bit:
            continue  # the type stayed; where one is known, the older file says more of it
        kind = known["type"] if known else kind_of(facts, model, member, entry["type"], types)
        facts.note_member(model, member, kind, bit, entry["flags"] & REQUIRED, entry["flags"] & READ_ONLY)


def kind_of(facts, model, member, reference, types):
    entry = types[int(last(reference["$ref"]))]
    if entry["$type"] == "ArrayType":
        return "[" + kind_of(facts, model, member, entry["itemType"], types) + "]"
    if entry["$type"] == "ObjectType":
        return model_names(entry["name"], facts)[0] if entry["properties"] else "object"
    if entry["$type"] == "UnionType":
        return enum_of_union(facts, model, member, entry, types)
    return SCALARS.get(entry["$type"], "string")


def enum_of_union(facts, model, member, entry, types):
    words = [types[int(last(one["$ref"]))] for one in entry["elements"]]
    values = [word["value"] for word in words if word["$type"] == "StringLiteralType"]
    name = model + member[0].upper() + member[1:]
    facts.note_values(name, values, facts.bit_of("2025-06-01"))
    return name
