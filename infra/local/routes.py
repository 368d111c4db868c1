"""The routes of an HTTP API as resources of their own: ministack makes none from the OpenAPI `Body` that SAM writes."""

import json
from typing import Any

from infra.local.place import fingerprint

Resource = dict[str, Any]
_ANY_METHOD = "x-amazon-apigateway-any-method"


def unfold(resources: dict[str, Resource]) -> dict[str, Resource]:
    """The same resources; each API without its body, and what the body said beside it."""
    unfolded: dict[str, Resource] = {}
    for name, resource in resources.items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::ApiGatewayV2::Api" and "Body" in properties:
            body = properties["Body"]
            unfolded[name] = resource | {"Properties": _named(properties, body)}
            unfolded |= _authorizers(name, body) | _routes(name, body)
        else:
            unfolded[name] = resource
    return unfolded


def _named(properties: Resource, body: Resource) -> Resource:
    rest = {key: value for key, value in properties.items() if key not in ("Body", "FailOnWarnings")}
    cors = {"CorsConfiguration": _cors(body)} if "x-amazon-apigateway-cors" in body else {}
    return {"Name": body["info"]["title"], "ProtocolType": "HTTP"} | cors | rest


def _cors(body: Resource) -> Resource:
    return {key[0].upper() + key[1:]: value for key, value in body["x-amazon-apigateway-cors"].items()}


def _authorizers(api: str, body: Resource) -> dict[str, Resource]:
    schemes = body.get("components", {}).get("securitySchemes", {})
    return {_authorizer_name(api, name): _authorizer(api, name, scheme) for name, scheme in schemes.items()}


def _authorizer(api: str, name: str, scheme: Resource) -> Resource:
    said = scheme["x-amazon-apigateway-authorizer"]
    return {
        "Type": "AWS::ApiGatewayV2::Authorizer",
        "Properties": {
            "ApiId": {"Ref": api},
            "Name": name,
            "AuthorizerType": "JWT",
            "IdentitySource": [said["identitySource"]],
            "JwtConfiguration": {key.capitalize(): value for key, value in said["jwtConfiguration"].items()},
        },
    }


def _routes(api: str, body: Resource) -> dict[str, Resource]:
    made: dict[str, Resource] = {}
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            integration = _integration(api, operation["x-amazon-apigateway-integration"])
            integration_name = api + "Integration" + fingerprint(json.dumps(integration, sort_keys=True).encode())
            made[integration_name] = integration
            key = _route_key(method, path)
            made[api + "Route" + fingerprint(key.encode())] = _route(api, key, integration_name, operation)
    return made


def _route_key(method: str, path: str) -> str:
    if path == "/$default":
        return "$default"
    return f"{'ANY' if method == _ANY_METHOD else method.upper()} {path}"


def _integration(api: str, said: Resource) -> Resource:
    return {
        "Type": "AWS::ApiGatewayV2::Integration",
        "Properties": {
            "ApiId": {"Ref": api},
            "IntegrationType": said["type"].upper(),
            "IntegrationUri": said["uri"],
            "PayloadFormatVersion": said["payloadFormatVersion"],
        },
    }


def _route(api: str, key: str, integration: str, operation: Resource) -> Resource:
    target = {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]}
    properties = {"ApiId": {"Ref": api}, "RouteKey": key, "Target": target}
    for scheme, scopes in (
        (name, scopes) for wanted in operation.get("security", []) for name, scopes in wanted.items()
    ):
        properties |= {
            "AuthorizationType": "JWT",
            "AuthorizerId": {"Ref": _authorizer_name(api, scheme)},
            "AuthorizationScopes": scopes,
        }
    return {"Type": "AWS::ApiGatewayV2::Route", "Properties": properties}


def _authorizer_name(api: str, scheme: str) -> str:
    return f"{api}Authorizer{fingerprint(scheme.encode())}"
