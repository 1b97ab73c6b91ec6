"""What the dashboard's server sends goes out at once."""

import socket

from streamlit.web.server.starlette import starlette_server

from commands.sends_at_once import send_at_once


def holds_nothing_back(one):
    return one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_a_connection_to_the_socket_that_streamlit_opens_holds_nothing_back(monkeypatch):
    monkeypatch.setattr(starlette_server, "_bind_socket", starlette_server._bind_socket)
    send_at_once()
    with starlette_server._bind_socket("127.0.0.1", 0, 5) as server:
        server.setblocking(True)
        with socket.create_connection(server.getsockname()[:2]), server.accept()[0] as accepted:
            assert holds_nothing_back(accepted)


def test_asked_twice_it_is_done_once(monkeypatch):
    monkeypatch.setattr(starlette_server, "_bind_socket", starlette_server._bind_socket)
    send_at_once()
    once = starlette_server._bind_socket
    send_at_once()
    assert starlette_server._bind_socket is once


def test_a_streamlit_that_opens_its_sockets_otherwise_is_left_alone(monkeypatch):
    monkeypatch.delattr(starlette_server, "_bind_socket")
    send_at_once()
    assert not hasattr(starlette_server, "_bind_socket")
