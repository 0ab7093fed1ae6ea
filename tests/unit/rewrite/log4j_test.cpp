// The pack log4j-slf4j. What a name stands for is the Java Language Specification's answer (6.3
// to 6.5); that the result compiles is judged by javac in tests/rewrite.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format/tree/tree.h"
#include "rewrite/edit.h"
#include "rewrite/plan.h"

namespace tenon::rewrite {
namespace {

using Texts = std::map<std::string, std::string>;

struct Result {
  Texts texts;
  std::vector<Left> left;
};

Result rewritten(const Texts& files) {
  Sources sources;
  for (const auto& [path, text] : files) sources.paths.push_back(path);
  sources.read = [&](const std::string& path) -> tenon::Result<std::string> {
    return files.at(path);
  };
  Result out;
  for (const FilePlan& plan : find_pack("log4j-slf4j")->plan(sources, 1, {})) {
    REQUIRE_FALSE(plan.unread);
    out.texts[plan.path] =
        plan.edits.empty() ? files.at(plan.path) : applied(plan.text, plan.edits);
    out.left.insert(out.left.end(), plan.left.begin(), plan.left.end());
  }
  return out;
}

std::string one(const std::string& text) {
  return rewritten({{"a/A.java", text}}).texts.at("a/A.java");
}

// A class with a logger, around statements; and what of the statements comes back.
std::string in_method(const std::string& body, const std::string& members = "") {
  const std::string before =
      "package a;\nimport org.apache.log4j.*;\nclass A {\n  static final Logger LOG = "
      "Logger.getLogger(A.class);\n" +
      members + "  void m() throws Exception {\n//<\n";
  const std::string text = one(before + body + "\n//>\n  }\n}\n");
  const std::size_t from = text.find("//<\n") + 4;
  return text.substr(from, text.find("\n//>") - from);
}

bool left_has(const Result& result, std::string_view api) {
  return std::ranges::any_of(result.left, [&](const Left& left) { return left.api == api; });
}

TEST_CASE("imports and the factory change together") {
  if (!tree::available()) return;
  CHECK(one("package a;\n\nimport java.util.List;\nimport org.apache.log4j.Logger;\n\nclass A {\n  "
            "private static final Logger LOG = Logger.getLogger(A.class);\n}\n") ==
        "package a;\n\nimport java.util.List;\nimport org.slf4j.Logger;\nimport "
        "org.slf4j.LoggerFactory;\n\nclass A {\n  private static final Logger LOG = "
        "LoggerFactory.getLogger(A.class);\n}\n");
  // Line ends, tabs, trailing blanks and comments are not ours.
  CHECK(one("package a;\r\nimport org.apache.log4j.Logger;\r\nclass A {\t \r\n\tLogger l = /* one "
            "*/ Logger /* two */ . getLogger ( \"x\" );\r\n}\r\n") ==
        "package a;\r\nimport org.slf4j.Logger;\r\nimport org.slf4j.LoggerFactory;\r\nclass A {\t "
        "\r\n\tLogger l = /* one */ LoggerFactory /* two */ . getLogger ( \"x\" );\r\n}\r\n");
  // Full names need no import.
  CHECK(one("package a;\nclass A {\n  org.apache.log4j.Logger l = "
            "org.apache.log4j.Logger.getLogger(\"x\");\n}\n") ==
        "package a;\nimport org.slf4j.LoggerFactory;\nclass A {\n  org.slf4j.Logger l = "
        "LoggerFactory.getLogger(\"x\");\n}\n");
  // An import that is not used goes, with its line.
  CHECK(one("package a;\nimport org.apache.log4j.Level;\nimport org.apache.log4j.Logger;\nclass A "
            "{ Logger l; }\n") == "package a;\nimport org.slf4j.Logger;\nclass A { Logger l; }\n");
  // Latin-1 and a byte order mark stay.
  CHECK(one("\xEF\xBB\xBFpackage a;\nimport org.apache.log4j.Logger;\nclass A { Logger l; }\n") ==
        "\xEF\xBB\xBFpackage a;\nimport org.slf4j.Logger;\nclass A { Logger l; }\n");
  CHECK(one("package a;\nimport org.apache.log4j.Logger;\n// caf\xE9\nclass A { Logger l; String s "
            "= \"\xE9\"; }\n") ==
        "package a;\nimport org.slf4j.Logger;\n// caf\xE9\nclass A { Logger l; String s = "
        "\"\xE9\"; }\n");
}

TEST_CASE("a logger of another library is left alone") {
  if (!tree::available()) return;
  const std::string_view same[] = {
      "package a;\nimport java.util.logging.Logger;\nclass A { Logger l = Logger.getLogger(\"x\"); "
      "void m() { l.info(\"a\" ); l.warning(\"b\"); } }\n",
      "package a;\nimport java.util.logging.*;\nclass A { Logger l = Logger.getLogger(\"x\"); }\n",
      "package a;\nimport org.slf4j.Logger;\nimport org.slf4j.LoggerFactory;\nclass A { Logger l = "
      "LoggerFactory.getLogger(\"x\"); void m(Object o) { l.info(\"{}\", o); } }\n",
      "package a;\nclass A { Logger l = Logger.getLogger(\"x\"); static class Logger { static "
      "Logger getLogger(String s) { return null; } void fatal(Object o) {} } void m() { "
      "l.fatal(this); } }\n",
      "package a;\n// import org.apache.log4j.Logger; Logger.getLogger(x)\nclass A { String s = "
      "\"org.apache.log4j.Logger.getLogger\"; }\n",
      "package a;\nclass A { /** {@link org.apache.log4j.Logger} */ void m() {} }\n",
  };
  for (const std::string_view text : same) CHECK(one(std::string(text)) == text);
  // A single import is nearer than one on demand.
  const std::string mixed =
      "package a;\nimport org.apache.log4j.*;\nimport java.util.logging.Logger;\nclass A { Logger "
      "l = Logger.getLogger(\"x\"); void m(Object o) { l.fatal(o); } }\n";
  CHECK(
      one(mixed).contains("Logger l = Logger.getLogger(\"x\"); void m(Object o) { l.fatal(o); }"));
  // A class of the same package is nearer than an import on demand, and a nested one than a single
  // import.
  const Result own = rewritten(
      {{"a/Logger.java",
        "package a;\npublic class Logger { static Logger getLogger(String s) { return null; } }\n"},
       {"a/A.java",
        "package a;\nimport org.apache.log4j.*;\nclass A { Logger l = Logger.getLogger(\"x\"); "
        "Level v; }\n"}});
  CHECK(own.texts.at("a/A.java").contains("Logger l = Logger.getLogger(\"x\")"));
  CHECK(one("package a;\nimport org.apache.log4j.Logger;\nclass A { Logger l = "
            "Logger.getLogger(\"x\"); class Logger {} }\n")
            .contains("Logger l = Logger.getLogger"));
  CHECK(one("package a;\nimport org.apache.log4j.Logger;\nclass A<Logger> { Logger l; void m() { "
            "l.toString(); } }\n")
            .contains("class A<Logger> { Logger l;"));
}

TEST_CASE("levels and messages get what SLF4J has") {
  if (!tree::available()) return;
  CHECK(in_method("LOG.fatal(\"x\");") == "LOG.error(\"x\");");
  CHECK(in_method("LOG.fatal(\"x\", new Exception());") == "LOG.error(\"x\", new Exception());");
  CHECK(in_method("LOG.info(\"a\" + 1);") == "LOG.info(\"a\" + 1);");
  CHECK(in_method("LOG.info(1 + \"a\");") == "LOG.info(1 + \"a\");");
  CHECK(in_method("LOG.info(1 + 2);") == "LOG.info(String.valueOf(1 + 2));");
  CHECK(in_method("LOG.info(new Object());") == "LOG.info(String.valueOf(new Object()));");
  CHECK(in_method("Object o = \"s\"; LOG.info(o);") ==
        "Object o = \"s\"; LOG.info(String.valueOf(o));");
  CHECK(in_method("String s = null; LOG.info(s);") == "String s = null; LOG.info(s);");
  CHECK(in_method("String[] s = {}; LOG.info(s);") ==
        "String[] s = {}; LOG.info(String.valueOf(s));");
  CHECK(in_method("String[] s = {}; LOG.info(s[0]);") == "String[] s = {}; LOG.info(s[0]);");
  CHECK(in_method("char[] c = {}; LOG.info(c);") ==
        "char[] c = {}; LOG.info(String.valueOf((Object) c));");
  CHECK(in_method("LOG.info(null);") == "LOG.info(\"null\");");
  CHECK(in_method("LOG.warn(\"x\", null);") == "LOG.warn(\"x\", (Throwable) null);");
  CHECK(in_method("try { } catch (Exception e) { LOG.error(e); LOG.error(e, e); "
                  "LOG.error(e.getMessage()); }") ==
        "try { } catch (Exception e) { LOG.error(String.valueOf(e)); LOG.error(String.valueOf(e), "
        "e); LOG.error(e.getMessage()); }");
  CHECK(in_method("LOG.info(new StringBuilder());") ==
        "LOG.info(String.valueOf(new StringBuilder()));");
  CHECK(in_method("LOG.info(text());", "  String text() { return null; }\n") ==
        "LOG.info(text());");
  CHECK(in_method("LOG.info(text(1));",
                  "  String text() { return null; }\n  Object text(int i) { return null; }\n") ==
        "LOG.info(String.valueOf(text(1)));");
  CHECK(in_method("LOG.info(true ? \"a\" : \"b\");") == "LOG.info(true ? \"a\" : \"b\");");
  CHECK(in_method("LOG.info((String) null);") == "LOG.info((String) null);");
  CHECK(in_method("LOG.info(String.format(\"%s\", 1));") == "LOG.info(String.format(\"%s\", 1));");
  CHECK(in_method("if (LOG.isEnabledFor(Level.WARN)) LOG.log(Priority.INFO, this);") ==
        "if (LOG.isWarnEnabled()) LOG.info(String.valueOf(this));");
  CHECK(in_method("LOG.log(Level.ERROR, \"x\", new Exception());") ==
        "LOG.error(\"x\", new Exception());");
  CHECK(in_method("LOG.debug(\"x\"); LOG.isDebugEnabled(); LOG.getName();") ==
        "LOG.debug(\"x\"); LOG.isDebugEnabled(); LOG.getName();");
  // A call within the message of another one.
  CHECK(in_method("LOG.info(new Object() { public String toString() { LOG.fatal(this); return "
                  "\"\"; } });") ==
        "LOG.info(String.valueOf(new Object() { public String toString() { "
        "LOG.error(String.valueOf(this)); return \"\"; } }));");
}

TEST_CASE("variables hide each other as in Java") {
  if (!tree::available()) return;
  const std::string other =
      "  static class Other { void fatal(Object o) {} Logger inner; Logger get() { return LOG; } "
      "}\n";
  CHECK(in_method("Other LOG = new Other(); LOG.fatal(this);", other) ==
        "Other LOG = new Other(); LOG.fatal(this);");
  CHECK(in_method("{ Other LOG = null; } LOG.fatal(\"x\");", other) ==
        "{ Other LOG = null; } LOG.error(\"x\");");
  CHECK(in_method("LOG.fatal(\"x\"); Other LOG = null; LOG.fatal(\"y\");", other) ==
        "LOG.error(\"x\"); Other LOG = null; LOG.fatal(\"y\");");
  CHECK(in_method("this.LOG.fatal(\"x\"); A.LOG.fatal(\"x\"); a.A.LOG.fatal(\"x\");") ==
        "this.LOG.error(\"x\"); A.LOG.error(\"x\"); a.A.LOG.error(\"x\");");
  CHECK(in_method("for (Other LOG : new Other[0]) LOG.fatal(1); LOG.fatal(\"x\");", other) ==
        "for (Other LOG : new Other[0]) LOG.fatal(1); LOG.error(\"x\");");
  CHECK(in_method("for (Logger l : new Logger[0]) l.fatal(\"x\");") ==
        "for (Logger l : new Logger[0]) l.error(\"x\");");
  CHECK(in_method("java.util.function.Consumer<Other> c = LOG -> LOG.fatal(\"x\");", other) ==
        "java.util.function.Consumer<Other> c = LOG -> LOG.fatal(\"x\");");
  CHECK(in_method("java.util.function.Consumer<Logger> c = (Logger l) -> l.fatal(\"x\");") ==
        "java.util.function.Consumer<Logger> c = (Logger l) -> l.error(\"x\");");
  CHECK(in_method("Runnable r = () -> LOG.fatal(\"x\");") ==
        "Runnable r = () -> LOG.error(\"x\");");
  CHECK(in_method("new Object() { Other LOG; void n() { LOG.fatal(1); } };", other) ==
        "new Object() { Other LOG; void n() { LOG.fatal(1); } };");
  CHECK(in_method("new Other().inner.fatal(\"x\"); new Other().get().fatal(\"x\");", other) ==
        "new Other().inner.error(\"x\"); new Other().get().error(\"x\");");
  CHECK(in_method("Logger[] all = {}; all[0].fatal(\"x\"); ((Logger) all[1]).fatal(\"y\");") ==
        "Logger[] all = {}; all[0].error(\"x\"); ((Logger) all[1]).error(\"y\");");
  CHECK(in_method("java.util.Map<String, Logger> m = null; m.get(\"k\").fatal(\"x\");") ==
        "java.util.Map<String, Logger> m = null; m.get(\"k\").error(\"x\");");
  CHECK(in_method("var l = LOG; l.fatal(\"x\");") == "var l = LOG; l.error(\"x\");");
  CHECK(in_method("try (Other LOG = null) { LOG.fatal(1); } LOG.fatal(\"x\");", other) ==
        "try (Other LOG = null) { LOG.fatal(1); } LOG.error(\"x\");");
  CHECK(in_method(
            "Object o = LOG; if (o instanceof Logger l && l.isInfoEnabled()) l.fatal(\"x\");") ==
        "Object o = LOG; if (o instanceof Logger l && l.isInfoEnabled()) l.error(\"x\");");
  CHECK(in_method("class LOG { } LOG.fatal(\"x\");") == "class LOG { } LOG.error(\"x\");");
}

TEST_CASE("loggers are inherited from classes of other files") {
  if (!tree::available()) return;
  const std::string base =
      "package a.b;\nimport org.apache.log4j.Logger;\npublic class Base {\n  protected static "
      "final Logger LOG = Logger.getLogger(Base.class);\n  private Logger own;\n  protected Logger "
      "log() { return LOG; }\n}\n";
  Texts files{
      {"src/a/b/Base.java", base},
      {"src/a/b/Middle.java", "package a.b;\npublic class Middle extends Base { }\n"},
      {"src/a/c/User.java",
       "package a.c;\nimport a.b.Middle;\nclass User extends Middle {\n  void m(Object o) { "
       "LOG.fatal(o); log().fatal(\"x\"); }\n}\n"},
      {"src/a/c/Static.java",
       "package a.c;\nimport static a.b.Base.LOG;\nclass Static {\n  void m() { LOG.fatal(\"x\"); "
       "}\n}\n"},
      {"src/a/c/Full.java",
       "package a.c;\nclass Full {\n  void m() { a.b.Base.LOG.fatal(\"x\"); }\n}\n"},
      {"src/a/d/Hides.java",
       "package a.d;\nimport a.b.Base;\nclass Hides {\n  Other own;\n  Object o = new Base() { "
       "void m() { "
       "own.fatal(1); LOG.fatal(\"x\"); } };\n  class Other { void fatal(int i) {} }\n}\n"},
      {"src/a/c/Not.java",
       "package a.c;\nimport a.b.Middle;\nclass Not extends Middle {\n  Other LOG, own;\n  void "
       "m() { LOG.fatal(1); own.fatal(1); }\n  class Other { void fatal(int i) {} }\n}\n"}};
  const Result out = rewritten(files);
  CHECK(out.texts.at("src/a/c/User.java")
            .contains("LOG.error(String.valueOf(o)); log().error(\"x\");"));
  CHECK(out.texts.at("src/a/c/Static.java").contains("LOG.error(\"x\")"));
  CHECK(out.texts.at("src/a/c/Full.java").contains("a.b.Base.LOG.error(\"x\")"));
  CHECK(out.texts.at("src/a/c/Not.java") == files.at("src/a/c/Not.java"));
  CHECK(out.texts.at("src/a/b/Middle.java") == files.at("src/a/b/Middle.java"));
  // What is private is not inherited: the name stands for the field around.
  CHECK(out.texts.at("src/a/d/Hides.java").contains("own.fatal(1); LOG.error(\"x\");"));
}

TEST_CASE("what has no counterpart is listed and keeps its import") {
  if (!tree::available()) return;
  const Result out = rewritten(
      {{"a/A.java",
        "package a;\nimport org.apache.log4j.Level;\nimport org.apache.log4j.Logger;\nimport "
        "org.apache.log4j.spi.LoggingEvent;\nimport org.apache.log4j.PropertyConfigurator;\nclass "
        "A {\n  Logger l = Logger.getLogger(\"x\");\n  void m(Level v, LoggingEvent e) {\n    "
        "l.setLevel(Level.WARN);\n    l.log(v, \"x\");\n    "
        "PropertyConfigurator.configure(\"f\");\n  }\n}\n"}});
  CHECK(left_has(out, "Logger.setLevel"));
  CHECK(left_has(out, "Logger.log"));
  CHECK(left_has(out, "PropertyConfigurator"));
  CHECK(left_has(out, "spi.LoggingEvent"));
  CHECK(left_has(out, "Level"));
  const std::string& text = out.texts.at("a/A.java");
  CHECK(text.contains("import org.apache.log4j.Level;\n"));
  CHECK(text.contains("import org.apache.log4j.spi.LoggingEvent;\n"));
  CHECK(text.contains("import org.apache.log4j.PropertyConfigurator;\n"));
  CHECK(text.contains("import org.slf4j.Logger;\n"));
  CHECK_FALSE(text.contains("import org.apache.log4j.Logger;"));
  CHECK(text.contains("l.setLevel(Level.WARN);"));
  CHECK(left_has(rewritten({{"a/A.java",
                             "package a;\nimport org.apache.log4j.Logger;\nclass A extends Logger "
                             "{ A() { super(\"x\"); } }\n"}}),
                 "Logger"));
}

TEST_CASE("a file that needs both classes of one name is left whole") {
  if (!tree::available()) return;
  const std::string text =
      "package a;\nimport org.apache.log4j.Logger;\nclass A extends Logger { A() { super(\"x\"); } "
      "Logger l = "
      "Logger.getLogger(\"x\"); }\n";
  CHECK(one(text) == text);
}

TEST_CASE("a second run finds nothing") {
  if (!tree::available()) return;
  const std::string text =
      "package a;\nimport org.apache.log4j.*;\nclass A {\n  Logger l = Logger.getRootLogger();\n  "
      "Category c = Category.getInstance(\"x\");\n  void m(Object o) { l.fatal(o); c.fatal(null); "
      "l.setLevel(null); }\n}\n";
  const std::string once = one(text);
  CHECK(once.contains("LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)"));
  CHECK(once.contains("Logger c = LoggerFactory.getLogger(\"x\")"));
  CHECK(one(once) == once);
}

TEST_CASE("a declaration that cannot be read is left") {
  if (!tree::available()) return;
  const std::string text =
      one("package a;\nimport org.apache.log4j.Logger;\nclass A {\n  static final Logger LOG = "
          "Logger.getLogger(A.class);\n  void good() { LOG.fatal(\"x\"); }\n  void bad() { "
          "LOG.fatal(\"x\"); int = ; }\n}\n");
  CHECK(text.contains("void good() { LOG.error(\"x\"); }"));
  CHECK(text.contains("void bad() { LOG.fatal(\"x\"); int = ; }"));
}

TEST_CASE("a class of another file is read for what it declares, whatever stands in its methods") {
  if (!tree::available()) return;
  // Each method ends where Java says: braces in strings, characters, comments and text blocks do
  // not count, and what is declared behind it is seen. An int needs String.valueOf, a String not.
  const auto argument_of = [](const std::string& declarations, const std::string& argument) {
    const Texts files{
        {"a/B.java", "package a;\nclass B {\n" + declarations + "}\n"},
        {"a/A.java",
         "package a;\nimport org.apache.log4j.Logger;\nclass A {\n  static final Logger "
         "LOG = Logger.getLogger(A.class);\n  void m(B b) { LOG.info(" +
             argument + "); }\n}\n"}};
    const std::string text = rewritten(files).texts.at("a/A.java");
    const std::size_t from = text.find("LOG.info(") + 9;
    return text.substr(from, text.find("); }") - from);
  };
  for (const std::string_view body :
       {"", "String s = \"}\\\"}\"; char c = '}', d = '\\''; ", "/* } */ // }\n",
        "String s = \"\"\"\n } \\\"\"\" \"} \"\"\"; ", "if (x) { while (y) { } } ",
        "Object o = new Object() { void h() { } }; "}) {
    CAPTURE(std::string(body));
    const std::string method = "  void f(int x) throws a.X, Y {" + std::string(body) + "}\n";
    CHECK(argument_of(method + "  String g() { return null; }\n", "b.g()") == "b.g()");
    CHECK(argument_of(method + "  int g() { return 1; }\n", "b.g()") == "String.valueOf(b.g())");
  }
  CHECK(argument_of("  record R(int x) { String g() { return null; } }\n  R r;\n", "b.r.g()") ==
        "b.r.g()");
  CHECK(argument_of("  @Note(\"x\") static class C { String g() { return null; } }\n  C c;\n",
                    "b.c.g()") == "b.c.g()");
  CHECK(argument_of("  int x() default 3;\n  String g() throws X, Y[] { }\n", "b.g()") == "b.g()");
  CHECK(argument_of("  enum E { X(1) { }; String g() { return null; } }\n  E e;\n", "b.e.g()") ==
        "b.e.g()");
  CHECK(argument_of("  B(int x) { }\n  static { int y; }\n  { int z; }\n"
                    "  @Note(x = { 1 }) String g() { return null; }\n",
                    "b.g()") == "b.g()");
  CHECK(argument_of("  Runnable r = () -> { f(); };\n  int[] y = { f(1), 2 };\n"
                    "  class C { String g() { return null; } }\n  C c;\n",
                    "b.c.g()") == "b.c.g()");
}

TEST_CASE("a logger that goes to code that is not here is listed, and the file is rewritten") {
  if (!tree::available()) return;
  const auto left_of = [](const std::string& statement, const std::string& other = "") {
    Texts files{{"a/A.java",
                 "package a;\nimport java.util.ArrayList;\nimport java.util.List;\nimport "
                 "java.util.Objects;\nimport lib.Runner;\nimport "
                 "org.apache.log4j.Logger;\nclass A {\n  static final Logger LOG = "
                 "Logger.getLogger(A.class);\n  void own(Logger l) { }\n  void m(List<Logger> all, "
                 "Unknown u) "
                 "{ " +
                     statement + " }\n}\n"}};
    if (!other.empty()) files["lib/Runner.java"] = other;
    const Result made = rewritten(files);
    CHECK(made.texts.at("a/A.java").contains("org.slf4j.Logger"));
    return made.left.empty() ? std::string() : made.left.front().api;
  };
  CHECK(left_of("new Runner(LOG, 1).run();") == "new Runner");
  CHECK(left_of("new Runner(LOG, 1).run();",
                "package lib;\nimport org.apache.log4j.Logger;\npublic class Runner { public "
                "Runner(Logger l, int x) { } }\n")
            .empty());
  CHECK(left_of("Runner.start(A.LOG);") == "Runner.start");
  CHECK(left_of("u.take(LOG);") == "u.take");
  CHECK(left_of("inherited(LOG);") == "inherited");
  CHECK(left_of("own(LOG); all.add(LOG); new ArrayList<Logger>().add(LOG); Objects.hash(LOG);")
            .empty());
  // Another variable of the same name.
  CHECK(left_of("String LOG = null; new Runner(LOG, 1);").empty());
}

}  // namespace
}  // namespace tenon::rewrite
