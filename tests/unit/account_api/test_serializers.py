from backend.account_api.serializers import MeOutput, SignInInput


def test_a_password_keeps_its_spaces() -> None:
    given = SignInInput(data={"username": " ada ", "password": "  two spaces  "})
    assert given.is_valid()
    assert given.validated_data == {"username": "ada", "password": "  two spaces  "}


def test_me_holds_nothing_of_the_account_but_names_and_roles() -> None:
    assert set(MeOutput().fields) == {
        "username",
        "display_name",
        "memberships",
        "is_operator",
        "may_create_studies",
    }
    assert set(MeOutput().fields["memberships"].child.fields) == {"study", "title", "role", "phase"}
