#include "format/plist/plist.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

using namespace tenon;
using namespace tenon::plist;

namespace {

// Golden texts are those of Python's plistlib.
constexpr std::string_view head =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
    "<plist version=\"1.0\">\n";

constexpr std::string_view golden_body = R"(<dict>
	<key>array</key>
	<array>
		<integer>1</integer>
		<integer>-2</integer>
		<integer>9223372036854775807</integer>
		<integer>18446744073709551615</integer>
		<true/>
		<false/>
	</array>
	<key>data</key>
	<data>
	AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEy
	MzQ1Njc4OTo7PD0+P0BBQkNERQ==
	</data>
	<key>date</key>
	<date>2026-02-28T23:59:58Z</date>
	<key>deep</key>
	<dict>
		<key>a</key>
		<dict>
			<key>b</key>
			<array>
				<data>
				eHl6eHl6eHl6eHl6eHl6eHl6eHl6eHl6eHl6eHl6eHl6
				eHl6eHl6eHl6eHl6eHl6eHl6eHl6eHl6eHl6eHl6eHl6
				eHl6eHl6eHl6eHl6eHl6eHl6eHl6eHl6
				</data>
			</array>
		</dict>
	</dict>
	<key>empty</key>
	<dict>
		<key>a</key>
		<array/>
		<key>d</key>
		<dict/>
		<key>s</key>
		<string></string>
	</dict>
	<key>real</key>
	<real>1.5</real>
	<key>text</key>
	<string>a&lt;b&gt;&amp;"é😀</string>
</dict>
</plist>
)";

std::string golden() { return std::string(head) + std::string(golden_body); }

ParseError error_of(std::string_view text, Mode mode = Mode::strict) {
  const auto read = parse_xml(view_of(text), mode);
  REQUIRE_FALSE(read.has_value());
  return read.error();
}

bool reads(std::string_view text, Mode mode = Mode::strict) {
  return parse_xml(view_of(text), mode).has_value();
}

// Refused strictly, read leniently.
void check_strict_only(std::string_view text) {
  CAPTURE(text);
  CHECK_FALSE(reads(text));
  CHECK(reads(text, Mode::lenient));
}

void check_refused(std::string_view text) {
  CAPTURE(text);
  CHECK_FALSE(reads(text));
  CHECK_FALSE(reads(text, Mode::lenient));
}

}  // namespace

TEST_CASE("plist xml: reads and writes what plistlib writes") {
  const auto value = parse_xml(view_of(golden()), Mode::lenient);
  REQUIRE(value.has_value());
  CHECK(write_xml(*value, KeyOrder::sorted) == golden());
  CHECK(write_xml(*value, KeyOrder::kept) == golden());
  const Value& deep = *value->dict()->find("deep");
  const Data& data = *(*deep.dict()->find("a")->dict()->find("b")->array())[0].data();
  CHECK(data.size() == 90);
  CHECK(*value->string_at("text") == "a<b>&\"\u00e9\U0001f600");
  CHECK(value->dict()->find("date")->date()->seconds == 794015998);
}

TEST_CASE("plist xml: an entitlements file is read strictly") {
  const std::string text = std::string(head) +
                           "<dict>\n\t<!-- why - not -->\n\t<key>a</key>\n\t<true/>\n"
                           "\t<key>b &amp; c</key>\n\t<array><string>x</string><integer>0x1f"
                           "</integer></array>\n</dict>\n</plist>\n<!-- end -->\n";
  const auto value = parse_xml(view_of(text), Mode::strict);
  REQUIRE(value.has_value());
  CHECK(value->is_true("a"));
  CHECK(*(*value->dict()->find("b & c")->array())[1].integer() == 31);
}

TEST_CASE("plist xml: errors know their line and the words of the system") {
  const std::string comment =
      std::string(head) + "<dict>\n<!-- with --options runtime -->\n</dict></plist>";
  CHECK(system_text(error_of(comment)) == "syntax error near line 5");
  CHECK(reads(comment, Mode::lenient));
  const std::string twice = "<dict>\n<key>a</key>\n<true/>\n<key>a</key>\n<false/>\n</dict>";
  CHECK(system_text(error_of(twice)) == "duplicate dictionary key near line 5");
  CHECK(error_of(twice).name == "a");
  // A shipped file had this behind its end.
  const std::string tail = std::string(head) + "<dict/>\n</plist>\n</xml>\n";
  CHECK(system_text(error_of(tail)) == "syntax error near line 6");
  CHECK(std::string(error_of(tail).what) == "data after the root");
  CHECK(reads(tail, Mode::lenient));
}

TEST_CASE("plist xml: a key twice has its last value leniently") {
  const auto value =
      parse_xml(view_of("<dict><key>a</key><true/><key>b</key><true/><key>a</key><false/></dict>"),
                Mode::lenient);
  REQUIRE(value.has_value());
  CHECK(value->dict()->size() == 2);
  CHECK_FALSE(value->is_true("a"));
}

TEST_CASE("plist xml: what only the lenient reader takes") {
  check_strict_only("<string>&quot;&apos;&#65;&#x1F600;</string>");
  check_strict_only("<string><![CDATA[a<b]]></string>");
  check_strict_only("<real>1.5</real>");
  check_strict_only("<date>2026-02-28T23:59:58Z</date>");
  check_strict_only("<dict>\r\n</dict>");
  check_strict_only("\xef\xbb\xbf<dict/>");
  check_strict_only("<true />");
  check_strict_only("<true></true>");
  check_strict_only("<dict><key/><true/></dict>");
  check_strict_only("<!DOCTYPE plist [ <!ENTITY a \"b\"> ]><dict/>");
  check_strict_only("<array a='1'/>");
  check_strict_only("<array ID=\"1\"/>");
  check_strict_only("<data>A-AAA</data>");
  check_strict_only("<true/>trailing");
}

TEST_CASE("plist xml: what no reader takes") {
  check_refused("");
  check_refused("   \n");
  check_refused("text");
  check_refused("<dict>");
  check_refused("<dict><key>a</key></dict>");
  check_refused("<dict><true/></dict>");
  check_refused("<dict>text</dict>");
  check_refused("<dict></array>");
  check_refused("<array><true/></dict>");
  check_refused("<set><true/></set>");
  check_refused("<unknown/>");
  check_refused("<plist><dict/>");
  check_refused("<plist/>");
  check_refused("<string>&nbsp;</string>");
  check_refused("<string>&lt</string>");
  check_refused("<string>a</key>");
  check_refused("<string>never ends");
  check_refused("<integer></integer>");
  check_refused("<integer>1x</integer>");
  check_refused("<integer>18446744073709551616</integer>");
  check_refused("<integer>--1</integer>");
  check_refused("<data>AA=A</data>");
  check_refused("<!-- never ends");
  check_refused("<!-- short -- ");
  check_refused("<!");
  check_refused("<");
  check_refused("</dict>");
  check_refused("<string>\xff</string>");
  check_refused("<string>\xed\xa0\x80</string>");
  check_refused(std::string_view("<string>a\0b</string>", 20));
  check_refused("<dict/ >");
}

TEST_CASE("plist xml: encodings") {
  CHECK(error_of("<?xml version=\"1.0\" encoding=\"UTF-16\"?><dict/>").fault == Fault::encoding);
  CHECK(error_of(std::string_view("\xff\xfe<\0", 4), Mode::lenient).fault == Fault::encoding);
  CHECK(to_error(error_of("\xff")).code == Errc::unsupported);
  CHECK(reads("<?xml version=\"1.0\" encoding='utf-8'?><dict/>"));
  // NULs at the end are padding, with something behind them they hide it.
  CHECK(reads(std::string_view("<dict/>\0\0", 9)));
  CHECK_FALSE(reads(std::string_view("<dict/>\0x", 9)));
}

TEST_CASE("plist xml: entities that a document declares are not known") {
  const std::string bomb =
      "<!DOCTYPE plist [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;\">]><string>&b;</string>";
  CHECK_FALSE(reads(bomb));
  CHECK_FALSE(reads(bomb, Mode::lenient));
}

TEST_CASE("plist xml: depth is bounded") {
  const auto nested = [](std::size_t depth) {
    std::string text;
    for (std::size_t i = 0; i < depth; ++i) text += "<array>";
    for (std::size_t i = 0; i < depth; ++i) text += "</array>";
    return text;
  };
  CHECK(reads(nested(max_depth)));
  CHECK(error_of(nested(max_depth + 1)).fault == Fault::limit);
  CHECK(to_error(error_of(nested(max_depth + 1))).code == Errc::limit);
  CHECK(error_of(nested(100000), Mode::lenient).fault == Fault::limit);
}

TEST_CASE("plist xml: the number of strict objects is bounded") {
  std::string text = "<array>";
  for (std::size_t i = 0; i < max_strict_objects; ++i) text += "<true/>";
  text += "</array>";
  CHECK(error_of(text).fault == Fault::limit);
  CHECK(system_text(error_of(text)) == "maximum object count near line 1");
  CHECK(reads(text, Mode::lenient));
}

TEST_CASE("plist xml: keys are sorted by UTF-16 units") {
  Dict dict;
  dict.add("\U0001f600", true);  // d83d de00
  dict.add("\uff21", true);
  dict.add("b", true);
  dict.add("", true);
  dict.add("B", true);
  const std::string text = write_xml(std::move(dict), KeyOrder::sorted);
  const auto at = [&](std::string_view key) {
    return text.find("<key>" + std::string(key) + "</key>");
  };
  CHECK(at("") < at("B"));
  CHECK(at("B") < at("b"));
  CHECK(at("b") < at("\U0001f600"));
  CHECK(at("\U0001f600") < at("\uff21"));
}

TEST_CASE("plist xml: numbers with a fraction") {
  const auto real = [](std::string_view text) -> std::optional<double> {
    const auto value = parse_xml(view_of("<real>" + std::string(text) + "</real>"), Mode::lenient);
    if (!value || value->real() == nullptr) return std::nullopt;
    return *value->real();
  };
  CHECK(real("1.5") == 1.5);
  CHECK(real(" -2.5E-3\n") == -0.0025);
  CHECK(real("+17") == 17.0);
  CHECK(real("0.1") == 0.1);
  CHECK(real("9007199254740993") == 9007199254740992.0);  // the even neighbour
  CHECK(real("1.7976931348623157e308") == 1.7976931348623157e308);
  CHECK(real("-Infinity") == -std::numeric_limits<double>::infinity());
  CHECK(std::isnan(real("nan").value_or(0)));
  for (const std::string_view wrong : {"", "+", "-", ".", "1.5x", "0x10", "1e", "1,5", "1 5",
                                       "1e999", "++1", "-+1", "1.5.1", "nan(1)", "infinite"}) {
    CAPTURE(wrong);
    CHECK_FALSE(real(wrong).has_value());
  }
}

TEST_CASE("plist xml: numbers are printed as CoreFoundation does") {
  const std::string text =
      write_xml(Array{20.0, 0.0, -1e300, 0.1, Value(std::int64_t{INT64_MIN})}, KeyOrder::kept);
  CHECK(text.contains("<real>20</real>"));
  CHECK(text.contains("<real>0.0</real>"));
  CHECK(text.contains("<real>0.10000000000000001</real>"));
  CHECK(text.contains("<integer>-9223372036854775808</integer>"));
  CHECK(*parse_xml(view_of("<integer>-9223372036854775808</integer>"), Mode::strict)->integer() ==
        INT64_MIN);
}
