@rem Given to @vscode/test-electron in place of desktop VS Code: takes the same flags (see launcher.ts).
@"%~dp0..\..\node_modules\node\bin\node.exe" "%~dp0launcher.ts" %*
