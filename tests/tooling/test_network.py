import socket

import pytest
from pytest_socket import SocketConnectBlockedError


def test_tests_cannot_reach_beyond_this_machine() -> None:
    # An address that is reserved for documentation: nobody's.
    with (
        socket.socket() as outward,
        pytest.warns(UserWarning, match="192.0.2.1"),
        pytest.raises(SocketConnectBlockedError),
    ):
        outward.connect(("192.0.2.1", 80))
