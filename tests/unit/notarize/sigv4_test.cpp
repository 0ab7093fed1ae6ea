#include "notarize/client/sigv4.h"

#include <doctest/doctest.h>

#include <string>

#include "base/bytes.h"

using namespace tenon;
using namespace tenon::notarize;

namespace {

const std::string empty_hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr std::int64_t may_2013 = 1369353600;  // 2013-05-24 00:00:00 UTC

// AWS, "Signature calculations for the authorization header: transferring a payload in a single
// chunk", whose examples these are.
const AwsCredentials aws{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", {}};

AwsRequest s3(std::string method, std::string path, std::string hash) {
  AwsRequest out;
  out.method = std::move(method);
  out.path = std::move(path);
  out.payload_hash = hash;
  out.region = "us-east-1";
  out.service = "s3";
  out.headers = {{"host", "examplebucket.s3.amazonaws.com"},
                 {"x-amz-content-sha256", hash},
                 {"x-amz-date", "20130524T000000Z"}};
  return out;
}

}  // namespace

TEST_CASE("sigv4: HMAC by RFC 4231") {
  CHECK(hex(hmac_sha256(std::string(20, '\x0b'), "Hi There")) ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hex(hmac_sha256(std::string(131, '\xaa'),
                        "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("sigv4: the examples of Amazon S3") {
  AwsRequest get = s3("GET", "/test.txt", empty_hash);
  get.headers.emplace_back("range", "bytes=0-9");
  CHECK(signature_of(get, aws, may_2013) ==
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  CHECK(authorization(get, aws, may_2013) ==
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature="
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  AwsRequest put = s3("PUT", "/test$file.text",
                      "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072");
  put.headers.emplace_back("date", "Fri, 24 May 2013 00:00:00 GMT");
  put.headers.emplace_back("x-amz-storage-class", "REDUCED_REDUNDANCY");
  CHECK(signature_of(put, aws, may_2013) ==
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
  AwsRequest lifecycle = s3("GET", "/", empty_hash);
  lifecycle.query = {{"lifecycle", ""}};
  CHECK(signature_of(lifecycle, aws, may_2013) ==
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
  AwsRequest list = s3("GET", "/", empty_hash);
  list.query = {{"prefix", "J"}, {"max-keys", "2"}};
  CHECK(signature_of(list, aws, may_2013) ==
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

// aws-sig-v4-test-suite: get-vanilla, post-vanilla, get-vanilla-query-order-key-case.
TEST_CASE("sigv4: the test suite of AWS") {
  const AwsCredentials suite{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {}};
  constexpr std::int64_t time = 1440938160;  // 2015-08-30 12:36:00 UTC
  AwsRequest request;
  request.region = "us-east-1";
  request.service = "service";
  request.payload_hash = empty_hash;
  request.headers = {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}};
  CHECK(canonical_request(request) ==
        "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n" +
            empty_hash);
  CHECK(string_to_sign(request, time) ==
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
        "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
  CHECK(signature_of(request, suite, time) ==
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
  request.method = "POST";
  CHECK(signature_of(request, suite, time) ==
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  request.method = "GET";
  request.query = {{"Param2", "value2"}, {"Param1", "value1"}};
  CHECK(canonical_query(request) == "Param1=value1&Param2=value2");
  CHECK(signature_of(request, suite, time) ==
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500");
}

TEST_CASE("sigv4: paths of the notary") {
  CHECK(uri_encode("/bucket/prod/AROA1:2b-c_d.e~f g", true) ==
        "/bucket/prod/AROA1%3A2b-c_d.e~f%20g");
  CHECK(uri_encode("a/b+=\xc3\xa4", false) == "a%2Fb%2B%3D%C3%A4");
  CHECK(amz_date(may_2013) == "20130524T000000Z");
}
