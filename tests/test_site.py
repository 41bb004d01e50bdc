"""What Flask no longer asks of each function around a page (`lapor_web.site`) is so."""

import inspect
import itertools


def test_no_function_around_a_page_is_a_coroutine(app):
    around = (
        app.before_request_funcs,
        app.after_request_funcs,
        app.teardown_request_funcs,
        app.url_value_preprocessors,
        app.template_context_processors,
    )
    called = [
        *app.view_functions.values(),
        *app.teardown_appcontext_funcs,
        *itertools.chain.from_iterable(itertools.chain(*(one.values() for one in around))),
        *(
            handler
            for by_code in app.error_handler_spec.values()
            for by_class in by_code.values()
            for handler in by_class.values()
        ),
    ]

    assert len(called) > 100
    assert not [one for one in called if inspect.iscoroutinefunction(one)]
