"""The map of names is Jinja's, only faster to ask."""


def test_a_template_knows_its_own_names_and_everybodys(app):
    environment = app.jinja_env
    template = environment.from_string("{{ city_of }}", globals={"city_of": "Kota Uji"})
    assert template.render() == "Kota Uji"
    assert template.globals.keys() == {*environment.globals, "city_of"}


def test_macros_are_drawn_once_for_all_who_import_them(app):
    """One that is made anew for each import costs more than the page that asked for it."""
    macros = app.jinja_env.get_template("macros/report.html")
    with app.test_request_context("/"):
        importer = app.jinja_env.from_string(
            '{% from "macros/report.html" import reply %}{{ reply("Baik") }}'
        )
        assert "Baik" in importer.render()
        assert macros.module is macros._get_default_module(importer.new_context())
