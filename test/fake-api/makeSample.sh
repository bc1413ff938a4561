#!/bin/sh
# Makes sample.mp4, the video every talking photo of the fake API is: a drawn face whose mouth moves with a hummed
# tone. 448 x 832 at 25 frames a second, as the one published real run had; H.264 and AAC, as the real service sends.
cd "$(dirname "$0")" || exit 1
# Chroma planes are half size; SW and SH bring their coordinates back to those of the picture.
head='lte(hypot((X/SW-112)/70,(Y/SH-180)/92),1)'
body='lte(hypot((X/SW-112)/105,(Y/SH-400)/130),1)'
eyes='lte(hypot((abs(X/SW-112)-27)/7,(Y/SH-160)/6),1)'
mouth='lte(hypot((X/SW-112)/24,(Y/SH-222)/(4+9*abs(sin(T*9)))),1)'
ffmpeg -y -v error \
  -f lavfi -i "color=black:s=224x416:r=25:d=2.4,geq=\
lum='if($mouth,60,if($eyes,40,if($head,185,if($body,70,150+Y/8))))':\
cb='if($mouth,118,if($head,108,if($body,150,138)))':\
cr='if($mouth,165,if($eyes,128,if($head,150,if($body,112,118))))',scale=448:832:flags=lanczos" \
  -f lavfi -i "aevalsrc='0.25*abs(sin(9*t))*(sin(2*PI*180*t)+0.4*sin(2*PI*360*t)+0.2*sin(2*PI*720*t))':s=44100:d=2.4" \
  -c:v libx264 -profile:v main -preset veryslow -crf 30 -pix_fmt yuv420p \
  -c:a aac -b:a 48k -ac 1 -movflags +faststart -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact sample.mp4

# The short animation of the GIF generator, in the formats it has.
pulse='color=black:s=64x64:r=8:d=1,geq=lum=255*lte(hypot(X-32\,Y-32)\,12+8*sin(2*PI*T)):cb=128:cr=128'
ffmpeg -y -v error -f lavfi -i "$pulse" -map_metadata -1 -fflags +bitexact sample.gif
ffmpeg -y -v error -f lavfi -i "$pulse" -c:v libvpx -b:v 50k -map_metadata -1 -fflags +bitexact -flags:v +bitexact sample.webm
