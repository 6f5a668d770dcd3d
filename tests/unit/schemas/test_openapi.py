#!/usr/bin/python3
"""Does schemas/http/openapi.yaml say what placet-serve does? Same routes and parameters, examples that fit their schemas."""
import os
import re
import sys

import jsonschema
import yaml

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
ROUTE = re.compile(r'^PLC_ROUTE\("(\w+)",\s*"([^"]+)",\s*"([^"]*)"', re.M)
results = []


def check(sentence, fault):
    results.append((sentence, fault))


def resolve(api, node):
    while "$ref" in node:
        target = api
        for part in node["$ref"][2:].split("/"):
            target = target[part]
        node = target
    return node


def examples(api, node, where):
    """Every media type or parameter below node that has an example, with its schema."""
    if isinstance(node, dict):
        if "example" in node and "schema" in node:
            yield where, node["schema"], node["example"]
        for name, child in node.items():
            if name != "example":
                yield from examples(api, child, f"{where}/{name}")
    elif isinstance(node, list):
        for i, child in enumerate(node):
            yield from examples(api, child, f"{where}/{i}")


with open(os.path.join(TOP, "schemas/http/openapi.yaml"), encoding="utf-8") as text:
    api = yaml.safe_load(text)
with open(os.path.join(TOP, "src/serve/routes.def"), encoding="utf-8") as text:
    routes = {(method.lower(), path): set(params.split()) - {"*"} for method, path, params in ROUTE.findall(text.read())}
told = {(method, path): item[method] for path, item in api["paths"].items() for method in item}

check("every route is told", sorted(set(routes) - set(told)))
check("every route that is told is there", sorted(set(told) - set(routes)))
for key in sorted(set(routes) & set(told)):
    parameters = [resolve(api, p) for p in told[key].get("parameters", [])]
    query = {p["name"] for p in parameters if p["in"] == "query"}
    path = {p["name"] for p in parameters if p["in"] == "path"}
    check(f"{key[1]} takes the parameters that are told", sorted(query ^ routes[key]))
    check(f"{key[1]} has the parts that are told", sorted(path ^ set(re.findall(r"{(\w+)}", key[1]))))
    check(f"{key[1]} tells what it answers to bad input", [] if key[1] == "/healthz" or "400" in told[key]["responses"] else ["400"])
n = 0
for where, schema, example in examples(api, api, ""):
    validator = jsonschema.Draft202012Validator({**schema, "components": api["components"]})
    check(f"the example at {where} fits its schema", [error.message for error in validator.iter_errors(example)])
    n += 1
check("there are examples", [] if n >= 15 else [f"only {n}"])

print(f"1..{len(results)}")
for number, (sentence, fault) in enumerate(results, 1):
    print(f"{'not ok' if fault else 'ok'} {number} {sentence}" + (f" # {fault}" if fault else ""))
sys.exit(any(fault for _, fault in results))
