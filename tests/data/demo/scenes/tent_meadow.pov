// The tent on an alpine meadow, sunny morning. View 1: landscape; 2: portrait, the door.
#version 3.7;
#ifndef (View) #declare View = 1; #end
#declare Seed = 77;
#include "common.inc"
global_settings { assumed_gamma 1.0 max_trace_level 6 }
sky_sphere {
  pigment { gradient y color_map { [0 rgb <.70, .80, .90>] [.12 rgb <.48, .66, .88>] [.40 rgb <.20, .40, .74>] [1 rgb <.09, .22, .55>] } }
  pigment { bozo turbulence .75 octaves 7 lambda 2.1 omega .52
    color_map { [0 rgbt <1, 1, 1, 1>] [.52 rgbt <1, 1, 1, 1>] [.66 rgbt <1, 1, 1, .35>] [.82 rgbt <.98, .98, 1, .05>] [1 rgbt <.80, .83, .90, .05>] }
    scale <.55, .13, .55> translate <.3, .06, 0> rotate y * 60 }
}
light_source { <-80, 52, -18> rgb <1.0, .93, .80> * 1.28 area_light <2.2, 0, 0>, <0, 2.2, 0>, 3, 3 adaptive 0 jitter }
light_source { <20, 60, -30> rgb <.45, .58, .80> * .40 area_light <50, 0, 0>, <0, 0, 50>, 4, 4 adaptive 0 jitter }

#declare MF = function { pattern { wrinkles scale .16 } }
#declare Range = height_field { function 700, 400 { pow(MF(x, y, .7), 1.25) * sin(pi * y) * (.65 + .35 * sin(x * 9 + 1)) } smooth }
#declare RockSnow = texture {
  function { max(0, min(.999, y)) } turbulence 0
  texture_map {
    [.28 pigment { granite scale .03 color_map { [0 rgb <.085, .13, .075>] [1 rgb <.12, .16, .10>] } } finish { diffuse .65 emission <.05, .075, .11> }]
    [.40 pigment { granite scale .02 color_map { [0 rgb <.20, .21, .23>] [1 rgb <.33, .33, .34>] } } finish { diffuse .6 emission <.055, .075, .11> }]
    [.52 pigment { granite scale .03 color_map { [0 rgb <.26, .27, .29>] [.5 rgb <.5, .52, .55>] [.56 rgb .92] [1 rgb .95] } } finish { diffuse .75 emission <.05, .07, .11> }]
    [.62 pigment { rgb .95 } finish { diffuse .78 emission <.05, .07, .11> }] } }
object { Range texture { RockSnow } translate <-.5, 0, 0> scale <3400, 720, 1500> translate <-350, -70, 900> }
#declare Trees = array[5];
#for (I, 0, 4) #declare Trees[I] = Spruce() #end
#for (I, 1, 800)
  #local A = R(-.45, 1.35); #local D = 90 + 120 * pow(R(0, 1), .8);
  object { Trees[int(R(0, 4.99))] scale R(9, 17) rotate y * R(0, 360) translate <D * sin(A), -3 + (D - 90) * .10 + 2 * sin(A * 9), D * cos(A)> pigment { rgb <.028, .060, .030> * R(.6, 1.5) } finish { diffuse .75 emission .012 } }
#end
// meadow: rolls away
#declare GroundF = function { pattern { bozo scale .13 turbulence .3 } }
#declare Ground = height_field { function 400, 400 { .5 + .45 * (GroundF(x, y, 0) - .5) } smooth translate <-.5, -.5, 0> scale <60, 1, 60> translate <0, 0, -9> }
object { Ground pigment { granite scale .8 color_map { [0 rgb <.045, .07, .015>] [.6 rgb <.10, .14, .03>] [1 rgb <.17, .17, .06>] } } finish { diffuse .8 } }
plane { y, -1.4 pigment { bozo turbulence .4 color_map { [0 rgb <.09, .15, .035>] [1 rgb <.17, .22, .06>] } scale 9 } finish { diffuse .8 } }

#declare TentRot = -14;
#declare TP = <0, .03, 0>;
object { Tent(<.130, .146, .048>, <.045, .050, .025>, .012, .16) rotate y * TentRot translate TP }
GrassSet(.16, .0030, .17, 46, <.075, .130, .024>, <.17, .20, .052>)
#macro OnGround(P) #local N = <0, 0, 0>; #declare Hit = trace(Ground, <P.x, 4, P.z>, -y, N); #end
#for (I, 1, 13000)
  #local D = pow(R(0, 1), .85) * 24; #local A = radians(R(-44, 44) + 22); #local P = <-3.2 + D * sin(A), 0, -5.9 + D * cos(A)>; #local Q = vrotate(P, <0, -TentRot, 0>);
  #if (abs(Q.x) > TA * .99 | abs(Q.z) > TB)
    OnGround(P) object { GS[int(R(0, 7.99))] scale <1, R(.5, 1.25), 1> rotate y * R(0, 360) translate Hit }
  #end
#end
#macro Flower(C, Heart, Hh, Sz)
  union {
    sphere_sweep { cubic_spline 4, <0, -.1, 0>, .0013, 0, .0013, <.012, Hh, .006>, .0011, <.02, Hh * 2, .01>, .001 pigment { rgb <.10, .18, .03> } }
    #for (K, 0, 7) sphere { 0, 1 scale <Sz * .5, Sz * .10, Sz * .2> translate x * Sz * .55 rotate <0, K * 45, R(5, 25)> rotate <R(-5, 5), 0, 0> translate <.012, Hh, .006> pigment { rgb C } } #end
    sphere { <.012, Hh + .001, .006>, Sz * .26 pigment { rgb Heart } } finish { diffuse .8 emission .02 } }
#end
#declare FW = array[4];
#declare FW[0] = Flower(<.92, .92, .88>, <.85, .55, .03>, .19, .017)
#declare FW[1] = Flower(<.90, .66, .05>, <.60, .36, .02>, .15, .013)
#declare FW[2] = Flower(<.34, .22, .62>, <.80, .70, .20>, .17, .014)
#declare FW[3] = Flower(<.92, .90, .86>, <.85, .55, .03>, .15, .013)
#for (I, 1, 1500)
  #local D = .7 + pow(R(0, 1), 1.1) * 13; #local A = radians(R(-42, 42) + 22); #local P = <-3.2 + D * sin(A), 0, -5.9 + D * cos(A)>; #local Q = vrotate(P, <0, -TentRot, 0>);
  #if ((abs(Q.x) > TA * 1.2 | abs(Q.z) > TB * 1.3) & GroundF(P.x * .09 + 4, P.z * .09, 1) > .42)
    OnGround(P) object { FW[int(R(0, 3.99))] scale R(.8, 1.35) rotate <R(-12, 12), R(0, 360), R(-12, 12)> translate Hit } #end
#end
// stones
#for (I, 1, 26)
  #local P = <R(-6, 6), 0, R(-4, 9)>; #local Q = vrotate(P, <0, -TentRot, 0>); #local S = .06 + .22 * pow(R(0, 1), 3);
  #if (abs(Q.x) > TA * 1.35 | abs(Q.z) > TB * 1.5) OnGround(P)
    sphere { 0, 1 scale <R(.9, 1.5), R(.5, .75), R(.8, 1.2)> * S rotate <R(-15, 15), R(0, 360), R(-15, 15)> translate Hit pigment { granite scale .12 color_map { [0 rgb <.17, .165, .15>] [.6 rgb <.36, .35, .32>] [1 rgb <.55, .54, .50>] } } normal { granite .6 scale .2 } finish { diffuse .8 } } #end
#end
#switch (View)
  #case (1) camera { location <-3.15, 1.35, -5.6> right x * 4/3 up y look_at <-.05, .98, .1> angle 45 } #break
  #case (2) camera { location <-1.2, 1.05, -4.9> right x * 3/4 up y look_at <.12, 1.08, .1> angle 41 } #break
#end
