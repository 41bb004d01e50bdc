"""A redirect without a page: browsers follow it unseen, and on EDGE its words are another packet."""

from flask import Flask, Response


def init_app(app: Flask) -> None:
    app.after_request(leave_out_the_page)


def leave_out_the_page(response: Response) -> Response:
    if response.status_code in (302, 303, 307, 308) and response.location:
        response.set_data(b"")
    return response
