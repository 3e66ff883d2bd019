// Dear ImGui's compile-time options; every file that includes imgui.h sees them (IMGUI_USER_CONFIG).
#pragma once

#ifdef NDEBUG
#define IM_ASSERT(expression) ((void)0)
#endif
#define ImDrawIdx unsigned int  // a picture may have more than 65,536 corners; WebGL 2 has no offset for them
#define IMGUI_USE_WCHAR32  // emoji and other characters beyond the basic plane
#define IMGUI_DISABLE_OBSOLETE_FUNCTIONS
#define IMGUI_DISABLE_DEMO_WINDOWS
#define IMGUI_DISABLE_DEBUG_TOOLS
#define IMGUI_DISABLE_DEFAULT_SHELL_FUNCTIONS
#define IMGUI_DISABLE_FILE_FUNCTIONS
