"""Static files kept by browsers for a year under an address that changes with their content."""

import hashlib
import re
from functools import cache

import brotli
import rjsmin
from flask import Flask, Response, request
from flask_compress import Compress

from lapor_web import city
from lapor_web.palette import USUAL, Palette, painted
from lapor_web.resources import resource

YEAR = 365 * 24 * 60 * 60

# What is compressed: pages and static files, brotli at a quality that costs a page under 1 ms.
COMPRESSION = {
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_BR_LEVEL": 4,
    # An event on a live screen must not wait in a compressor.
    "COMPRESS_STREAMS": False,
}

PACKED = (".js", ".css", ".svg")

compress = Compress()


def init_app(app: Flask) -> None:
    app.jinja_env.globals["static_version"] = static_version
    for name, value in COMPRESSION.items():
        app.config.setdefault(name, value)
    compress.init_app(app)
    # After Compress, so that it runs before: handlers run in the opposite order.
    app.after_request(keep_static_files)


STYLESHEET = "lapor.css"
"""The one file that is another in each city's colours."""
COMMENT_OR_LINE_END = re.compile(rb"/\*.*?\*/|\n", re.DOTALL)
"""Of that file: each of its rules ends in itself."""


def static_version(name: str) -> str:
    return _version(name, city.palette() if name == STYLESHEET else USUAL)


@cache
def _version(name: str, palette: Palette) -> str:
    return hashlib.sha256(_content(name, palette)).hexdigest()[:12]


@cache
def _content(name: str, palette: Palette) -> bytes:
    content = resource("static").joinpath(name).read_bytes()
    return painted(content.decode(), palette).encode() if name == STYLESHEET else content


@cache
def packed(name: str, version: str) -> bytes:
    """Brotli as small as it gets, which takes too long for a page but is done once for a file."""
    return brotli.compress(bare(name, version), quality=11)


@cache
def bare(name: str, version: str) -> bytes:
    """Of what we wrote ourselves, what a browser reads: no comments, no indentation."""
    content = _content(name, city.palette() if name == STYLESHEET else USUAL)
    if name == STYLESHEET:
        return COMMENT_OR_LINE_END.sub(b"", content)
    ours = name.endswith(".js") and not name.startswith("vendor/")
    return rjsmin.jsmin(content.decode()).encode() if ours else content


def keep_static_files(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code != 200:
        return response
    name = (request.view_args or {})["filename"]
    if name == STYLESHEET:
        city.name_of_the_service()  # which reads again what changed
    # A vendored file has its version in its path.
    if name.startswith("vendor/") or request.args.get("v") == static_version(name):
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = YEAR
        response.cache_control.immutable = True
    # Whole: it is small, and what is streamed is not compressed.
    response.direct_passthrough = False
    response.get_data()  # which closes the file
    if "br" in request.accept_encodings and name.endswith(PACKED):
        response.set_data(packed(name, static_version(name)))
        response.content_encoding = "br"
        response.vary.add("Accept-Encoding")
    else:
        response.set_data(bare(name, static_version(name)))
    return response
