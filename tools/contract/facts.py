"""Facts from one OpenAPI file, noted in the masks of the shapes that have them; and how they are written down."""
import json

LIMITS = (("minimum", "min"), ("maximum", "max"), ("maxItems", "max_items"), ("maxLength", "max_length"))


class Facts:
    """Enums, models and operations of one plane over all the shapes that its contract has had, oldest first."""

    def __init__(self, shapes, versions):
        self.shapes = shapes
        self.spec = {"versions": versions, "shapes": shapes, "enums": {}, "models": {}, "operations": {}}

    def bit_of(self, shape):
        return 1 << self.shapes.index(shape)

    def note_values(self, name, found, bit):
        values = self.spec["enums"].setdefault(name, {})
        for value in found:
            values[value] = values.get(value, 0) | bit

    def note_member(self, model, member, kind, bit, required=False, read_only=False):
        facts = self.spec["models"].setdefault(model, {}).setdefault(member, {"type": kind, "in": 0})
        facts["in"] |= bit
        facts["type"] = kind
        if required:
            facts["required"] = facts.get("required", 0) | bit
        if read_only:
            facts["read_only"] = True
        return facts

    def enum_of(self, schema, bit):
        """The name of an enum that a member declares in place, with its values noted; nothing when it declares none."""
        if "enum" not in schema:
            return None
        name = schema["x-ms-enum"]["name"]
        self.note_values(name, schema["enum"], bit)
        return name

    def import_definitions(self, definitions, bit):
        for name, schema in definitions.items():
            if "enum" in schema:
                self.note_values(name, schema["enum"], bit)
                continue
            self.spec["models"].setdefault(name, {})
            for part in parts_of(schema, definitions):
                self.import_members(name, part, bit)

    def import_members(self, model, schema, bit):
        required = set(schema.get("required", []))
        for member, body in schema.get("properties", {}).items():
            element = self.enum_of(body.get("items", {}), bit)
            kind = f"[{element}]" if element else self.enum_of(body, bit) or type_of(body)
            facts = self.note_member(model, member, kind, bit, member in required, body.get("readOnly"))
            for key, ours in LIMITS:
                if key in body:
                    facts[ours] = body[key]

    def import_operations(self, paths, parameters, bit):
        for path, methods in paths.items():
            for method, body in methods.items():
                self.import_operation(bit, path, method, body, parameters)

    def import_operation(self, bit, path, method, body, parameters):
        operation = self.spec["operations"].setdefault(body["operationId"], {"method": method.upper(), "path": path, "in": 0})
        operation["in"] |= bit
        query = {}
        for parameter in body.get("parameters", []):
            if "$ref" in parameter:
                parameter = parameters[last(parameter["$ref"])]
            if parameter["in"] == "query":
                query[parameter["name"]] = type_of(parameter)
            elif parameter["in"] == "body":
                operation["body"] = type_of(parameter["schema"])
                operation["body_required"] = bool(parameter.get("required"))
            elif parameter["in"] == "header" and parameter["name"].lower().startswith("if-"):
                conditions = operation.setdefault("conditions", [])
                if parameter["name"].lower() not in conditions:
                    conditions.append(parameter["name"].lower())
            elif parameter["in"] == "header" and parameter["name"].lower() == "ocp-range":
                operation["range"] = True
        operation["query"] = {**operation.get("query", {}), **query}
        for status, answer in body["responses"].items():
            if status.startswith("2"):
                operation["success"] = int(status)
                if "schema" in answer:
                    operation["answer"] = type_of(answer["schema"])

    def copy_shape(self, old, new):
        """Whatever the shape `old` has, `new` has too."""
        last_bit, bit = self.bit_of(old), self.bit_of(new)
        for kind in ("models", "operations"):
            for entry in self.spec[kind].values():
                for facts in (entry.values() if kind == "models" else [entry]):
                    if facts["in"] & last_bit:
                        facts["in"] |= bit
                    if facts.get("required", 0) & last_bit:
                        facts["required"] |= bit
        for values in self.spec["enums"].values():
            for value, mask in values.items():
                values[value] = mask | (bit if mask & last_bit else 0)

    def remove_operations(self, names, bit):
        for name in names:
            self.spec["operations"][name]["in"] &= ~bit

    def remove_member(self, model, member, bit):
        facts = self.spec["models"][model].get(member, {})
        for mask in ("in", "required"):
            if mask in facts:
                facts[mask] &= ~bit

    def finished(self):
        """What no file defines can be anything."""
        known = set(self.spec["models"]) | set(self.spec["enums"])
        for members in self.spec["models"].values():
            for facts in members.values():
                word = facts["type"].strip("[]{}")
                if word[:1].isupper() and word not in known:
                    facts["type"] = facts["type"].replace(word, "object")
        return self.spec


def last(reference):
    return reference.rsplit("/", 1)[1]


def parts_of(schema, definitions):
    """A definition and, before it, those that it is made of."""
    for base in schema.get("allOf", []):
        yield from parts_of(definitions[last(base["$ref"])], definitions)
    yield schema


def type_of(schema):
    if "$ref" in schema:
        return last(schema["$ref"])
    kind = schema.get("type", "object")
    if kind == "array":
        return "[" + type_of(schema["items"]) + "]"
    if kind == "object" and "additionalProperties" in schema:
        return "{" + type_of(schema["additionalProperties"]) + "}"
    if kind == "string":
        return {"date-time": "datetime", "duration": "duration"}.get(schema.get("format"), "string")
    if kind == "integer":
        return schema.get("format", "int32")
    return {"number": "double", "boolean": "boolean", "file": "bytes"}.get(kind, "object")


def written(spec):
    """One fact per line, so that a difference can be read."""
    lines = ["{"]
    lines.append(' "versions": ' + json.dumps(spec["versions"]) + ",")
    lines.append(' "shapes": ' + json.dumps(spec["shapes"]) + ",")
    for kind in ("enums", "models", "operations"):
        lines.append(f' "{kind}": {{')
        entries = []
        for name in sorted(spec[kind]):
            if kind == "models":
                members = [f'   {json.dumps(m)}: {json.dumps(f, sort_keys=True)}' for m, f in sorted(spec[kind][name].items())]
                entries.append(f'  {json.dumps(name)}: {{\n' + ",\n".join(members) + "\n  }")
            else:
                entries.append(f'  {json.dumps(name)}: ' + json.dumps(spec[kind][name], sort_keys=True))
        lines.append(",\n".join(entries))
        lines.append(" }" + ("," if kind != "operations" else ""))
    lines.append("}")
    return "\n".join(lines) + "\n"
