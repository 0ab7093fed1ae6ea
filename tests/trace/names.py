"""A name server at 127.0.0.1:53 that gives each name the address 127.0.0.1."""
import socket
import struct

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
print("ready", flush=True)
while True:
    query, sender = server.recvfrom(2048)
    end = 12
    while query[end]:
        end += query[end] + 1
    question = query[12:end + 5]
    if struct.unpack(">H", query[end + 1:end + 3])[0] == 1:
        answer = b"\x81\x80\0\1\0\1\0\0\0\0" + question + b"\xc0\x0c\0\1\0\1\0\0\0\x3c\0\x04\x7f\0\0\1"
    else:
        answer = b"\x81\x80\0\1\0\0\0\0\0\0" + question
    server.sendto(query[:2] + answer, sender)
