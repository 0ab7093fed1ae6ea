#pragma once

#include <PCSC/reader.h>
#include <PCSC/winscard.h>
