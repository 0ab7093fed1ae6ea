#pragma once

#include <Network/Network.h>
