# The Makefile of the release archive. The C is there already, so it needs cc and make (GNU's or BSD's) alone: no Node, no npm.
# To change the TypeScript and build everything anew, with Node: make -f development.mk

CC = cc

EXECUTABLE = native/mlmmj-amime-receive
TOOLS = tools/mlmmj-amime-receive-tools
TOOLS_ON_NODE = tools/tools.js
TOOLS_LICENSES = tools/tools-licenses.txt

all: $(EXECUTABLE)

$(EXECUTABLE):
	cd native && $(MAKE) CC='$(CC)'

clean:
	cd native && $(MAKE) clean

include scripts/install.mk
