// The pack "log4j-slf4j": from Log4j 1.2 to SLF4J 1.7, in Java sources.
//
// From beginning to end: a file is looked at when it names org.apache.log4j, or uses a logger that
// a class of another file declares. Names are resolved as Java does (model.h, typing.h), so a
// Logger of java.util.logging, of SLF4J or of the project itself is never touched. A logger's
// declaration and its factory change with their import; calls that SLF4J does not have get its
// counterpart: fatal -> error, isEnabledFor(Level.X) -> isXEnabled(), log(Level.X, m) -> x(m).
// Log4j takes any object for a message, SLF4J a String: what is not surely one is wrapped in
// String.valueOf, which prints what Log4j prints, also for null and for a lone Throwable. What has
// no counterpart is left, with the reason; its import stays.
#pragma once

#include "rewrite/plan.h"

namespace tenon::rewrite::java {

[[nodiscard]] const Pack& log4j_pack();

}  // namespace tenon::rewrite::java
