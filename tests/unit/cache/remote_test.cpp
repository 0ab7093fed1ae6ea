#include "cache/remote.h"

#include <doctest/doctest.h>

#include <string>

using namespace tenon;

namespace {

const std::string one(64, '1');
const std::string two(64, '2');

}  // namespace

TEST_CASE("remote: an address is a scheme, a host and a port") {
  CHECK(parse_remote("grpc://127.0.0.1:9092").value() == RemoteAddress{"127.0.0.1:9092", false});
  CHECK(parse_remote("grpcs://cache.example.com:443/").value() ==
        RemoteAddress{"cache.example.com:443", true});
  CHECK(parse_remote("grpc://[::1]:9092").value().host == "[::1]:9092");
  for (const char* text :
       {"", "grpc://", "grpc://host", "grpc://host:", "grpc://host:0", "host:1", "grpc://:1",
        "grpc://host:70000", "http://host:1", "grpc://a b:1", "grpc://host/x:1", "grpc://host:+1",
        "grpc://::1:50", "grpc://a:1:2", "grpc://u@a:1", "grpc://ipv4:1.2.3.4:5"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_remote(text));
  }
}

TEST_CASE("remote: a token fits into a header") {
  CHECK(is_token("eyJhbGciOi.x-y_z~+/="));
  for (const char* text : {"", "a b", "a\nb", "\xc3\xa4"}) CHECK_FALSE(is_token(text));
}

TEST_CASE("remote: a record is found under its own key only") {
  const std::string bytes = remote_record(one, "tenon compile 2\n");
  CHECK(read_remote_record(one, bytes) == "tenon compile 2\n");
  CHECK_FALSE(read_remote_record(two, bytes));
  CHECK_FALSE(read_remote_record(one, ""));
  CHECK(remote_action(one) != remote_action(two));
}

TEST_CASE("remote: what is said to the door comes back") {
  DoorRequest request;
  CHECK(parse_door_request("flush") == request);
  request.what = DoorRequest::What::record;
  request.key = one;
  CHECK(parse_door_request("record " + one) == request);
  request = {};
  request.what = DoorRequest::What::blob;
  request.blob = {two, 5};
  request.path = "/a folder/ x";
  const std::string line = door_text(request);
  CHECK(line == "blob " + two + " 5 /a folder/ x\n");
  CHECK(parse_door_request(line.substr(0, line.size() - 1)) == request);
  request = {};
  request.what = DoorRequest::What::offer;
  request.key = one;
  CHECK(parse_door_request("offer " + one) == request);
  request.blobs = {{two, 7}, {one, 0}};
  CHECK(parse_door_request("offer " + one + " " + two + " 7 " + one + " 0") == request);
}

TEST_CASE("remote: what is no request is none") {
  for (const std::string& line :
       {std::string(), std::string("list"), std::string("flush now"), std::string("record abc"),
        "record " + one + " ", "blob " + one + " 5 relative", "blob " + one + " -5 /x",
        "blob " + one + " 999999999999 /x", "blob " + one + " 5", "offer " + one + " " + two,
        "offer " + one + " " + two + " x", std::string("offer")}) {
    CAPTURE(line);
    CHECK_FALSE(parse_door_request(line));
  }
}

TEST_CASE("remote: answers come back") {
  for (const DoorAnswer& answer : {DoorAnswer{DoorAnswer::How::found, 12},
                                   DoorAnswer{DoorAnswer::How::missing, 0}, DoorAnswer{}}) {
    const std::string line = door_text(answer);
    CHECK(parse_door_answer(line.substr(0, line.size() - 1)) == answer);
  }
  for (const char* line : {"", "found", "found x", "found -1", "down 1", "ok"}) {
    CAPTURE(line);
    CHECK_FALSE(parse_door_answer(line));
  }
}
