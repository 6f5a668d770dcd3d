// Mug and lamp on a boulder by the lake, early. Pass 1: boulder and things on nothing; 2: what lies behind, blurred afterwards.
#version 3.7;
#ifndef (View) #declare View = 1; #end
#ifndef (Pass) #declare Pass = 1; #end
#declare Seed = 91;
#include "common.inc"
#include "lamp.inc"
#include "mug.inc"
global_settings { assumed_gamma 1.0 max_trace_level 9 }
#declare SkyP = pigment { gradient y color_map { [0 rgb <.93, .86, .76>] [.10 rgb <.80, .80, .82>] [.35 rgb <.47, .60, .78>] [1 rgb <.22, .36, .62>] } }
#if (Pass = 1)
  background { rgbt <0, 0, 0, 1> }
  sphere { 0, 1 pigment { SkyP } finish { emission 1 diffuse 0 } scale 3000 no_image no_shadow }
#else sky_sphere { pigment { SkyP } } #end
light_source { <-30, 17, 14> rgb <1.0, .84, .62> * 1.55 area_light <2.4, 0, 0>, <0, 2.4, 0>, 5, 5 adaptive 1 jitter }
light_source { <8, 18, -20> rgb <.58, .68, .88> * .55 area_light <16, 0, 0>, <0, 10, 0>, 5, 5 adaptive 1 jitter }
#if (Pass = 1)
  #declare BF = function { pattern { granite scale 1.1 } }
  #declare BG = function { pattern { bozo scale .5 turbulence .4 } }
  height_field { function 900, 900 { max(.01, .05 + .80 * max(0, 1 - pow(sqrt(pow(x * 2 - 1, 2) + pow(y * 2 - 1, 2)) * 1.02, 5)) + .075 * (BF(x, y, .2) - .5) + .10 * (BG(x, y, 0) - .5)) } water_level .12 smooth translate <-.5, -.85, -.5> scale <1.5, .33, .95> rotate y * 9
    texture { pigment { granite scale .07 color_map { [0 rgb <.14, .13, .12>] [.4 rgb <.30, .28, .255>] [.7 rgb <.42, .40, .37>] [1 rgb <.58, .56, .53>] } } normal { granite .45 scale .06 } finish { diffuse .8 specular .05 roughness .1 } }
    texture { pigment { bozo turbulence .9 octaves 6 scale .09 color_map { [0 rgbt 1] [.60 rgbt 1] [.66 rgbt <.40, .42, .22, .15>] [.72 rgbt <.52, .50, .30, .2>] [.76 rgbt 1] [1 rgbt 1] } } normal { granite .5 scale .01 } finish { diffuse .8 } } }
  object { Mug(<.86, .82, .71>, <.035, .06, .16>, .86) rotate y * 20 translate <.085, .0005, -.02> }
  object { Lamp(0) rotate y * 40 translate <-.115, .0015, .055> }
  // a little heap of hazelnuts and a spruce twig
  #for (I, 1, 9) sphere { 0, 1 scale <.0085, .0078, .0082> rotate <R(0, 90), R(0, 360), 0> translate <-.035 + R(-.035, .035), .0085, -.13 + R(-.03, .03)> pigment { gradient y color_map { [0 rgb <.36, .19, .08>] [.5 rgb <.27, .13, .05>] [1 rgb <.5, .34, .18>] } scale .02 } finish { diffuse .75 specular .3 roughness .03 } } #end
  union {
    #for (B, 0, 4) #local Bp = <-.02 + B * .022, 0, 0>; #local An = select(mod(B, 2) - .5, 1, -1) * 38; #local Bl = .085 - B * .008;
      #for (I, 0, 90) #local T = I / 90; cylinder { 0, <.011, R(-.002, .006), select(mod(I, 2) - .5, 1, -1) * .009>, .00055 translate x * T * Bl rotate y * An translate Bp + y * .004 pigment { rgb <.05, .115, .03> * R(.6, 1.5) } finish { diffuse .7 specular .2 } } #end
      cylinder { 0, x * Bl, .0011 rotate y * An translate Bp + y * .004 pigment { rgb <.16, .09, .04> } }
    #end
    cylinder { <-.05, .004, 0>, <.09, .004, 0>, .0016 pigment { rgb <.16, .09, .04> } }
    rotate y * 205 translate <.235, .0, -.055> }
#else
  plane { y, -1.5 pigment { rgb <.03, .05, .06> } normal { bumps .02 scale <.6, 1, .2> } finish { diffuse .3 reflection { .1, .9 fresnel on } } interior { ior 1.33 } }
  #declare MF = function { pattern { wrinkles scale .2 } }
  height_field { function 400, 200 { pow(MF(x, y, .4), 1.3) * .9 * sin(pi * y) * (.6 + .4 * sin(x * 8)) } smooth translate <-.5, 0, 0> scale <1800, 330, 500> translate <60, -12, 520> pigment { rgb <.25, .28, .34> } finish { diffuse .5 emission .34 } }
  #declare Trees = array[4]; #for (I, 0, 3) #declare Trees[I] = Spruce() #end
  #for (I, 1, 420) #local A = R(-.7, .7); #local D = 130 + 60 * rand(RS); object { Trees[int(R(0, 3.99))] scale R(9, 17) rotate y * R(0, 360) translate <D * sin(A), -1.5, D * cos(A)> pigment { rgb <.05, .085, .045> * R(.7, 1.5) } finish { diffuse .8 emission .04 } } #end
  box { <-30, -2, 6>, <4, -1.42, 9.5> rotate y * -6 pigment { granite scale .5 color_map { [0 rgb <.10, .14, .04>] [1 rgb <.24, .24, .09>] } } finish { diffuse .8 } }
  object { Tent(<.165, .180, .062>, <.05, .055, .028>, .02, .16) rotate y * 30 scale 1.05 translate <-2.1, -1.42, 7.4> }
  GrassSet(.2, .004, .2, 40, <.10, .15, .03>, <.30, .28, .08>)
  #for (I, 1, 2600) object { GS[int(R(0, 7.99))] rotate y * R(0, 360) scale R(.6, 1.3) translate vrotate(<R(-12, 3.5), -1.42, R(6.05, 9)>, y * -6) } #end
#end
#switch (View)
  #case (1) camera { location <.05, .235, -.74> right x * 4/3 up y look_at <-.005, .108, 0> angle 45 } #break
  #case (2) camera { location <.12, .19, -.62> right x * 3/4 up y look_at <.0, .105, 0> angle 36 } #break
#end
