"""The data plane's contract, from the published files."""
import json

from contract.facts import Facts

# The shapes that the data plane has had; every api-version has one of them.
SHAPES = ["2020-09-01.12.0", "2022-10-01.16.0", "2023-05-01.17.0", "2024-02-01.19.0", "2024-07-01.20.0", "2025-06-01"]
# No file is kept for this one: it is the shape before it without these operations.
GONE_IN_17 = ("2023-05-01.17.0", ["Job_GetAllLifetimeStatistics", "Pool_GetAllLifetimeStatistics"])
VERSIONS = {
    "2018-08-01.7.0": 0, "2018-12-01.8.0": 0, "2019-06-01.9.0": 0, "2019-08-01.10.0": 0, "2020-03-01.11.0": 0,
    "2020-09-01.12.0": 0, "2021-06-01.14.0": 0, "2022-01-01.15.0": 0, "2022-10-01.16.0": 1, "2023-05-01.17.0": 2,
    "2023-11-01.18.0": 2, "2024-02-01.19.0": 3, "2024-07-01.20.0": 4, "2025-06-01": 5,
}
# TypeSpec-era names of the last delta and the names of the same things in the older files.
OLD_NAMES = {
    "BatchTaskSchedulingPolicy": ["TaskSchedulingPolicy"], "BatchNode": ["ComputeNode"],
    "BatchNodeRemoteLoginSettings": ["ComputeNodeGetRemoteLoginSettingsResult"],
    "PublicIpAddressConfiguration": ["PublicIPAddressConfiguration"], "BatchVmDiskSecurityProfile": ["VMDiskSecurityProfile"],
    "BatchPool": ["CloudPool"],
}


def imported(source):
    facts = Facts(SHAPES, VERSIONS)
    base = source / "specification/batch/data-plane/Microsoft.Batch/stable"
    for number, shape in enumerate(SHAPES[:-1]):
        if shape == GONE_IN_17[0]:
            facts.copy_shape(SHAPES[number - 1], shape)
            facts.remove_operations(GONE_IN_17[1], facts.bit_of(shape))
            continue
        document = json.loads((base / shape / "BatchService.json").read_text())
        facts.import_definitions(document["definitions"], facts.bit_of(shape))
        facts.import_operations(document["paths"], document.get("parameters", {}), facts.bit_of(shape))
    apply_delta(facts, json.loads((source / "deltas/data-plane-2025-06-01.json").read_text()))
    return facts.finished()


def apply_delta(facts, delta):
    """2025-06-01 is kept as a difference from 2024-07-01.20.0."""
    new = facts.bit_of("2025-06-01")
    models = facts.spec["models"]
    facts.copy_shape("2024-07-01.20.0", "2025-06-01")
    facts.remove_operations(delta["operations"]["removed"], new)
    for name in models:
        for member in ("certificateReferences", "targetNodeCommunicationMode", "currentNodeCommunicationMode", "resourceTags"):
            facts.remove_member(name, member, new)
    for name, definition in delta["addedDefinitions"].items():
        if "enum" in definition:
            facts.spec["enums"][name] = {value: new for value in definition["enum"]}
        elif "properties" in definition:
            models[name] = {m: {"type": delta_type(t), "in": new} for m, t in definition["properties"].items()}
    facts.note_values("SecurityEncryptionTypes", ["DiskWithVMGuestState"], new)
    for name, members in delta["addedProperties"].items():
        for old in OLD_NAMES.get(name, [name]):
            for member, kind in members.items():
                if not kind.startswith("+") and old in models and member not in models[old]:
                    models[old][member] = {"type": delta_type(kind), "in": new}


def delta_type(text):
    return text.split(" ")[0].rstrip(",")
