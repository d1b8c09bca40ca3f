"""Sockets whose both ends are traced: TCP, a named unix socket, a pair; and one datagram."""
import os
import socket


def in_child(run):
    if os.fork() == 0:
        run()
        os._exit(0)


def tcp():
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()

    def client():
        c = socket.create_connection(server.getsockname())
        for _ in range(10):
            c.sendall(b"x" * 1000)
        c.shutdown(socket.SHUT_WR)
        while c.recv(4096):
            pass

    in_child(client)
    a, _ = server.accept()
    while a.recv(4096):
        pass
    a.sendall(b"y" * 500)
    a.close()
    os.wait()


def unix():
    server = socket.socket(socket.AF_UNIX)
    server.bind("sock")
    server.listen()

    def client():
        c = socket.socket(socket.AF_UNIX)
        c.connect("sock")
        c.sendall(b"hello")

    in_child(client)
    a, _ = server.accept()
    a.recv(100)
    os.wait()


def pair():
    x, y = socket.socketpair()
    in_child(lambda: y.send(b"q" * 7))
    x.recv(100)
    os.wait()


def datagram():
    to = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    to.bind(("127.0.0.1", 0))
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"z" * 9, to.getsockname())
    to.recv(10)


tcp()
unix()
pair()
datagram()
